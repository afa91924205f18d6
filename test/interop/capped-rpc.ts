import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * An RPC endpoint that passes everything on but lets its chain end at a height: so two readers can end at the
 * same block.
 */
export interface CappedRpc {
  readonly url: string
  cap: bigint
  close(): Promise<void>
}

/** Puts a cap on a chain's RPC. */
export async function capRpc(target: string): Promise<CappedRpc> {
  const capped = { url: '', cap: 1n << 62n, close: async () => {} }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      void forward(target, Buffer.concat(chunks).toString('utf8'), capped.cap).then(
        (text) => response.end(text),
        () => response.destroy(),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  capped.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  capped.close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return capped
}

async function forward(target: string, body: string, cap: bigint): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const text = await (await fetch(target, { method: 'POST', headers, body })).text()
  if ((JSON.parse(body) as { method: string }).method !== 'status') return text
  return text.replace(/("latest_block_height": ?")(\d+)"/, (_, key: string, height: string) => {
    return `${key}${BigInt(height) > cap ? cap : BigInt(height)}"`
  })
}
