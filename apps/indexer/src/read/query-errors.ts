import { GraphQLError } from 'graphql/index.js'

/** Codes of the errors that a query can meet; `extensions.code` of the answer. */
export type QueryErrorCode =
  | 'INVALID_ARGUMENT'
  | 'INVALID_OWNER'
  | 'INVALID_CURSOR'
  | 'PAGE_SIZE'
  | 'LAGGING'
  | 'HUB_UNAVAILABLE'
  | 'HUB_REFUSED'
  | 'INCONSISTENT'
  | 'TOO_MANY_SUBSCRIPTIONS'
  | 'SUBSCRIPTION_TRANSPORT'

/** An error that is shown as it is: its text says nothing of the inside. */
export function queryError(code: QueryErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}

/** The owner is neither a hub account nor an address of a source chain. */
export function invalidOwner(): GraphQLError {
  return queryError(
    'INVALID_OWNER',
    'owner is neither cway1…, cway1…/subaccount nor an address on a connected chain',
  )
}

/** The text can't stand in any column. */
export function invalidText(): GraphQLError {
  return queryError('INVALID_ARGUMENT', 'an argument holds a NUL character')
}

/** The cursor is none that this query gave. */
export function invalidCursor(): GraphQLError {
  return queryError('INVALID_CURSOR', 'after is not a cursor of this connection')
}

/** The page is empty or too large. */
export function pageTooLarge(most: number): GraphQLError {
  return queryError('PAGE_SIZE', `first must be within 1 and ${most}`)
}
