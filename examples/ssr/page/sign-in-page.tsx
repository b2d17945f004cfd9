/** For who has no cookie yet. A plain form: no script, no line. */
export function SignInPage() {
  return (
    <main>
      <h1>To do</h1>
      <form method="post" action="/sign-in">
        <input name="name" aria-label="Your name" placeholder="Your name" required maxLength={40} />
        <button type="submit">Sign in</button>
      </form>
    </main>
  )
}
