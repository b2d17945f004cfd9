import { expect, test } from 'vitest'
import { limitsPage } from './limits-page.ts'

test('docs/LIMITS.md has the limits that the code has', async () => {
  await expect(limitsPage()).toMatchFileSnapshot('../../docs/LIMITS.md')
})
