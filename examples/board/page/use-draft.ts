import { useState } from 'react'

/** What was typed, sent and refused, and why. */
interface Refused {
  readonly text: string
  readonly sentence: string
}

/**
 * A field's text that empties when it is sent. What is refused comes back into the field; where something else has been
 * typed there since, the problem names it instead, so that no words are lost either way.
 */
export function useDraft(onSend: (text: string, refused: (sentence: string) => void) => void) {
  const [text, setText] = useState('')
  const [refused, setRefused] = useState<Refused>()

  const type = (typed: string) => {
    setText(typed)
    if (typed === '') setRefused(undefined)
  }
  const send = () => {
    const sent = text.trim()
    if (sent === '') return
    setText('')
    setRefused(undefined)
    onSend(sent, (sentence) => {
      setText((typed) => (typed === '' ? sent : typed))
      setRefused({ text: sent, sentence })
    })
  }
  const problem = refused?.text === text ? refused.sentence : refused && `“${refused.text}”: ${refused.sentence}`
  return { text, problem, type, send }
}
