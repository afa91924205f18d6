import { onTestFinished } from 'vitest'
import { testGenesis, testKeys } from '../chain.fixture.ts'
import { createKeyValueApplication } from '../kvstore.fixture.ts'
import type { KeyValueApplication } from '../kvstore.fixture.ts'
import { startEmbeddedNode } from '../start-embedded-node.ts'
import type { EmbeddedNode, EmbeddedNodeOptions } from '../start-embedded-node.ts'

/** A node in memory that ends with its test. */
export interface TestNode {
  readonly node: EmbeddedNode
  readonly application: KeyValueApplication
  readonly fatal: unknown[]
}

/** Starts a node on a free port, blocks on demand. */
export async function testNode(options: Partial<EmbeddedNodeOptions> = {}): Promise<TestNode> {
  const keys = testKeys('a', 'b', 'c', 'd')
  const application = createKeyValueApplication()
  const fatal: unknown[] = []
  const node = await startEmbeddedNode({
    application,
    genesis: testGenesis(keys),
    validators: keys,
    blocks: 'onDemand',
    onFatal: (error) => void fatal.push(error),
    ...options,
  })
  onTestFinished(() => node.stop())
  return { node, application, fatal }
}

/** A JSON-RPC response. */
export interface RpcAnswer {
  readonly id?: unknown
  readonly result?: Record<string, unknown>
  readonly error?: { readonly code: number; readonly message: string; readonly data?: string }
}

/** Posts a body, gives status and parsed answer. */
export async function post(
  url: string,
  body: string,
): Promise<{ status: number; answer: RpcAnswer; text: string }> {
  const response = await fetch(url, { method: 'POST', body })
  const text = await response.text()
  return {
    status: response.status,
    text,
    answer: text.startsWith('{') ? (JSON.parse(text) as RpcAnswer) : {},
  }
}

/** Calls a method. */
export async function call(url: string, method: string, params: unknown = {}): Promise<RpcAnswer> {
  return (await post(url, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))).answer
}
