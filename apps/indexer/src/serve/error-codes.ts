import { GraphQLError, type ExecutionResult } from 'graphql/index.js'
import type { Plugin } from 'graphql-yoga'

const LIMIT = /limit of \d+ exceeded/i
/** What the Relay plugin says of a global id that it can't resolve. */
const FOREIGN_ID =
  /^Invalid global ID|has not been implemented$|does not support loading by id$|^ID .* is not of type/

/**
 * Gives a code to every error that libraries raise without one, so that a program need not read texts, and
 * takes out what they quote of the request.
 */
export const errorCodes: Plugin = {
  onResultProcess({ result, setResult }) {
    if (!isFailed(result)) return
    setResult({ ...result, errors: result.errors.map(withCode) })
  },
}

function withCode(error: GraphQLError): GraphQLError {
  const { message, extensions } = error
  if (LIMIT.test(message)) return rewritten(error, message.replace(/^Syntax Error: /, ''), 'QUERY_LIMIT')
  if (extensions.originalError !== undefined) return withoutQuote(error)
  if (extensions.code !== undefined) return error
  if (FOREIGN_ID.test(message))
    return rewritten(error, 'id is none that this service gave', 'INVALID_ARGUMENT')
  const isArgument = error.path !== undefined || message.startsWith('Variable "$')
  return rewritten(error, message, isArgument ? 'INVALID_ARGUMENT' : 'BAD_REQUEST')
}

/** Yoga quotes a body that is no JSON, and goes by the quotation to answer with its HTTP status. */
function withoutQuote(error: GraphQLError): GraphQLError {
  const { originalError: _, http, ...extensions } = error.extensions
  return new GraphQLError(error.message, {
    extensions: { ...extensions, http: { ...(http as object), spec: false } },
  })
}

function rewritten(error: GraphQLError, message: string, code: string): GraphQLError {
  const { nodes, path, extensions } = error
  return new GraphQLError(message, {
    ...(nodes !== undefined && { nodes }),
    ...(path !== undefined && { path }),
    extensions: { ...extensions, code },
  })
}

function isFailed(result: unknown): result is ExecutionResult & { errors: GraphQLError[] } {
  return typeof result === 'object' && result !== null && 'errors' in result && Array.isArray(result.errors)
}
