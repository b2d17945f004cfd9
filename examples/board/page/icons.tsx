import type { ReactNode } from 'react'

function Icon({ children }: { readonly children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
      {children}
    </svg>
  )
}

export function CloseIcon() {
  return (
    <Icon>
      <path d="M5.5 5.5l9 9m0-9l-9 9" />
    </Icon>
  )
}

export function DotsIcon() {
  return (
    <Icon>
      <path d="M4.5 10h.01M10 10h.01M15.5 10h.01" strokeWidth="2.6" />
    </Icon>
  )
}

export function PlusIcon() {
  return (
    <Icon>
      <path d="M10 4v12M4 10h12" />
    </Icon>
  )
}

export function SendIcon() {
  return (
    <Icon>
      <path d="M10 16V4.5M4.5 10L10 4.5l5.5 5.5" />
    </Icon>
  )
}

export function DownloadIcon() {
  return (
    <Icon>
      <path d="M10 3.5v9M6 8.8l4 4 4-4M4.5 16.5h11" />
    </Icon>
  )
}

export function BoardIcon() {
  return (
    <Icon>
      <path d="M4 4h5v12H4zM12 4h4v7h-4z" />
    </Icon>
  )
}

export function ChatIcon() {
  return (
    <Icon>
      <path d="M3.5 4.5h13v9h-7L6 16.5v-3H3.5z" />
    </Icon>
  )
}
