import { marginErrors } from '../errors.ts'
import { malformed, objectOf, objectsOf } from '../model/shape.ts'
import { POSITIONS_MAX, type Account } from './account.ts'

const KINDS = ['perps', 'futures', 'options', 'collateral'] as const

/**
 * The account when it is an object with lists of positions, not too many: looked at before anything is made
 * of it. Throws `MarginError` 60 for more than 10,000 positions, 80 for what is no list or no object.
 */
export function checkAccount(account: Account): Account {
  objectOf(account, 'account')
  let count = 0
  for (const kind of KINDS) {
    const { [kind]: positions = [] } = account
    if (!Array.isArray(positions)) throw malformed(`account.${kind}`, 'a list', positions)
    count += positions.length
  }
  if (count > POSITIONS_MAX) throw marginErrors.tooManyPositions({ count, max: POSITIONS_MAX })
  for (const kind of KINDS) objectsOf<unknown>(account[kind] ?? [], `account.${kind}`)
  return account
}
