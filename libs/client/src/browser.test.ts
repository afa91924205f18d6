// The package as a browser gets it: bundled without Node's modules, run without Node's globals.
import { createContext, runInContext } from 'node:vm'
import { rolldown } from 'rolldown'
import { fileURLToPath } from 'node:url'
import { privateKeyToAccount } from 'viem/accounts'
import { toHex } from '@causeway/primitives'
import { beforeAll, describe, expect, it } from 'vitest'
import type * as door from './index.ts'
import { testSecret } from './testing/hub.fixture.ts'
import { evmWallet } from './wallets/evm-wallet.ts'
import { sessionWallet } from './wallets/session.ts'

const seed = toHex(testSecret('browser'))
let code = ''
const imports: string[] = []

beforeAll(async () => {
  const bundle = await rolldown({
    input: fileURLToPath(new URL('index.ts', import.meta.url)),
    platform: 'browser',
    // Whatever is not found would have to come from Node.
    onLog: (_level, { message }) => void (message.includes('externalized') && imports.push(message)),
    plugins: [
      {
        name: 'no node modules',
        resolveId(source) {
          if (!/^(node:|crypto$|fs$|http$|https$|net$|ws$|sodium-native|@chainsafe\/blst)/.test(source))
            return null
          imports.push(source)
          return { id: source, external: true }
        },
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'iife', name: 'client' })
  code = output[0].code
  await bundle.close()
}, 120_000)

describe('in a browser', () => {
  it('nothing of Node is imported', () => {
    expect(imports.filter((source) => !isOptional(source))).toEqual([])
  })

  it('it loads and signs, the same as here', async () => {
    const context = createContext({
      crypto,
      TextEncoder,
      TextDecoder,
      URL,
      AbortSignal,
      AbortController,
      fetch,
      setTimeout,
      clearTimeout,
      btoa,
      atob,
      console,
      require: undefined,
      Uint8Array,
    })
    runInContext('globalThis.self = globalThis.window = globalThis', context)
    runInContext(`${code}\n;globalThis.client = client`, context)
    const client = (context as { client: typeof door }).client
    const account = privateKeyToAccount(`0x${seed}`)
    const text = 'Causeway transaction v1\nchain: causeway-1'
    const [there, here] = [client.evmWallet(account), evmWallet(account)]
    expect(there.address).toBe(here.address)
    expect(toHex((await there.signText(text)).signature)).toBe(toHex((await here.signText(text)).signature))
    const session = await client.sessionWallet(seed).signText(text)
    expect(toHex(session.signature)).toBe(toHex((await sessionWallet(seed).signText(text)).signature))
    expect(client.createSession().seed).toMatch(/^[0-9a-f]{64}$/)
  })
})

/** CosmJS asks for Node's crypto only where there is no Web Crypto. */
function isOptional(source: string): boolean {
  return source === 'crypto'
}
