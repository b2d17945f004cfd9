/** A receiver on its cord. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect className="logo-ground" width="32" height="32" rx="9" />
      <path
        className="logo-receiver"
        d="M6.6 14.2c0-4.4 4.2-7 9.4-7s9.4 2.6 9.4 7c0 1.2-.6 1.8-1.8 1.8h-2.5c-1.1 0-1.7-.6-1.7-1.7v-1.2c-1-.5-2.2-.7-3.4-.7s-2.4.2-3.4.7v1.2c0 1.1-.6 1.7-1.7 1.7H8.4c-1.2 0-1.8-.6-1.8-1.8z"
      />
      <path
        className="logo-cord"
        d="M6 23.5h3c1.2 0 1.2-3 2.4-3s1.2 5 2.4 5 1.2-5 2.4-5 1.2 5 2.4 5 1.2-5 2.4-5 1.2 3 2.4 3h3"
      />
    </svg>
  )
}
