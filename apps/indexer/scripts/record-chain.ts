// Records what a chain's RPC serves for a range of blocks, as the fixture of the follower's tests:
//   node apps/indexer/scripts/record-chain.ts http://127.0.0.1:26657 1 20 src/follow/recorded-chain.json.gz
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const [url, from, to, path] = process.argv.slice(2)
if (url === undefined || from === undefined || to === undefined || path === undefined) {
  throw new Error('usage: record-chain.ts RPC FROM TO FILE')
}

async function ask(method: string, params: Record<string, string>): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const response = await fetch(url!, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  return ((await response.json()) as { result: unknown }).result
}

const status = (await ask('status', {})) as { node_info: { network: string } }
const heights: Record<string, unknown> = {}
for (let height = Number(from); height <= Number(to); height++) {
  const parameters = { height: String(height) }
  heights[height] = {
    block: await ask('block', parameters),
    block_results: await ask('block_results', parameters),
    commit: await ask('commit', parameters),
    validators: await ask('validators', { ...parameters, page: '1', per_page: '100' }),
  }
}
const chain = { chainId: status.node_info.network, from: Number(from), to: Number(to), heights }
writeFileSync(path, gzipSync(JSON.stringify(chain), { level: 9 }))
