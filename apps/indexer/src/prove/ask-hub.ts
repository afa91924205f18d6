import type { CometRpc } from '../follow/comet-rpc.ts'
import { EndpointError } from '../follow/endpoint-error.ts'

/** What a query of the hub answers for the state after a block. Throws `EndpointError`. */
export async function askHub(
  rpc: CometRpc,
  path: string,
  request: Uint8Array,
  height: bigint,
): Promise<Uint8Array> {
  if (height < 1n) throw new EndpointError('behind', 'nothing is provable yet')
  const { code, codespace, log, value, height: answered } = await rpc.abciQuery(path, request, height, false)
  if (code !== 0) throw new EndpointError('rpc-error', `${path}: ${codespace}/${code}: ${log}`.slice(0, 300))
  if (answered !== height)
    throw new EndpointError('wrong-proof', `${path} of height ${answered}, not ${height}`)
  return value
}
