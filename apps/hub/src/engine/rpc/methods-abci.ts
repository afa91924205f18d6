import { infoJson, queryJson } from '../json/abci.ts'
import { REQUEST_INFO } from '../node/handshake.ts'
import type { Method } from './method.ts'

/** Methods that go straight to the application. */
export const abciMethods: Readonly<Record<string, Method>> = {
  abci_info: {
    parameters: [],
    run: (_, { node }) => ({ response: infoJson(node.application.info(REQUEST_INFO)) }),
  },
  abci_query: {
    parameters: ['path', 'data', 'height', 'prove'],
    run: (parameters, { node }) => ({
      response: queryJson(
        node.application.query({
          path: parameters.text('path'),
          data: parameters.hexBytes('data'),
          height: parameters.integer('height') ?? 0n,
          prove: parameters.flag('prove'),
        }),
      ),
    }),
  },
}
