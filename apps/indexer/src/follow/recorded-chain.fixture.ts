// A CometBFT RPC that serves what a real chain (ibc-go v10 simd, see recorded-chain.json.gz) served, and lies
// on demand.

import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Blocks of a real chain as its RPC served them. */
export type RecordedChain = {
  chainId: string
  from: number
  to: number
  heights: Record<string, Record<string, unknown>>
}

/** What an endpoint answers instead: changes a copy of the true answer, or throws to close the connection. */
export type Tamper = (method: string, height: number, answer: Answer) => Answer

type Answer = Record<string, unknown>
type Request = { id: number; method: string; params: { height?: string } }

/** Reads the recording. */
export function readRecordedChain(): RecordedChain {
  const path = join(import.meta.dirname, 'recorded-chain.json.gz')
  return JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as RecordedChain
}

/** An endpoint over a recorded chain. `head` may be moved while it runs. */
export class RecordedEndpoint {
  readonly chain: RecordedChain
  head: number
  tamper: Tamper = (_method, _height, answer) => answer
  requests = 0
  readonly #server: Server

  constructor(chain: RecordedChain, head = chain.to) {
    this.chain = chain
    this.head = head
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        try {
          response.end(JSON.stringify(this.#answer(JSON.parse(text) as Request)))
        } catch {
          response.destroy()
        }
      })
    })
  }

  /** Listens on a free port; answers the URL. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #answer({ id, method, params }: Request): unknown {
    this.requests++
    const height = Number(params.height ?? 0)
    const known = method === 'status' ? this.#status() : this.chain.heights[height]?.[method]
    if (known === undefined || height > this.head) {
      return {
        jsonrpc: '2.0',
        id,
        error: { code: -32603, message: 'Internal error', data: 'no such height' },
      }
    }
    return { jsonrpc: '2.0', id, result: this.tamper(method, height, structuredClone(known) as Answer) }
  }

  #status(): Answer {
    const { block } = this.chain.heights[this.head]!.block as { block: { header: { time: string } } }
    const sync_info = {
      latest_block_height: String(this.head),
      latest_block_time: block.header.time,
      earliest_block_height: String(this.chain.from),
      catching_up: false,
    }
    return { node_info: { network: this.chain.chainId }, sync_info }
  }
}
