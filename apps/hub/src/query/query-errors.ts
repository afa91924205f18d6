import { defineErrors } from '@causeway/primitives'

/** Codespace `query`. The numbers are the Cosmos SDK's where it has them. Append only. */
export const errors = defineErrors('query', {
  unknownPath: [6, (d: { path: string }) => `unknown query path ${d.path}`],
  tooMuch: [11, () => 'the answer takes too much reading: ask for a smaller page, without a total'],
  invalidRequest: [18, (d: { reason: string }) => `invalid request: ${d.reason}`],
  notFound: [22, (d: { what: string }) => `${d.what} not found`],
  invalidHeight: [26, (d: { reason: string }) => `invalid height: ${d.reason}`],
})
