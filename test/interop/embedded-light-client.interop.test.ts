// CometBFT's own light client follows an embedded node: headers, commits, validator changes, proofs of txs.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateValidatorKey, startEmbeddedNode } from '@causeway/hub'
import type { EmbeddedNode } from '@causeway/hub'
import { sha256, toHexUpper, utf8 } from '@causeway/primitives'
import { requireBinary } from './binaries.ts'
import { createKeyValueApplication } from './key-value-application.ts'
import { endProcess, freePort, startProcess, waitFor } from './processes.ts'
import type { RunningProcess } from './processes.ts'
import { call } from './rpc-shape.ts'

const directory = mkdtempSync(join(tmpdir(), 'light-'))
const keys = ['a', 'b', 'c', 'd', 'e'].map((name) => generateValidatorKey(sha256(utf8(name))))
const members = keys.slice(0, 4)
let node: EmbeddedNode
let light: RunningProcess
let proxy = ''

beforeAll(async () => {
  node = await startEmbeddedNode({
    application: createKeyValueApplication(),
    genesis: {
      genesis_time: new Date(Date.now() - 1000).toISOString(),
      chain_id: 'light-test',
      consensus_params: { abci: { vote_extensions_enable_height: '1' } },
      validators: members.map(({ pub_key }, i) => ({ pub_key, power: String(10 + i), name: '' })),
      app_hash: '',
    },
    validators: keys,
    blocks: 'onDemand',
  })
  const hashes = [node.produceBlock().hash]
  // From block 4 on a fifth validator signs, from block 9 on with most of the power; one leaves
  await node.submit(utf8(`val=ed25519!${keys[4]!.pub_key.value}!5`))
  for (let i = 0; i < 5; i++) hashes.push(node.produceBlock().hash)
  await node.submit(utf8(`val=ed25519!${keys[4]!.pub_key.value}!500`))
  await node.submit(utf8(`val=ed25519!${keys[0]!.pub_key.value}!0`))
  for (let i = 0; i < 20; i++) {
    await node.submit(utf8(`key${i}=${i}`))
    await node.submit(utf8(`other${i}=${i}`))
    hashes.push(node.produceBlock().hash)
  }
  const port = await freePort()
  const log = join(directory, 'light.log')
  const binary = await requireBinary('cometbft')
  light = startProcess(
    binary,
    [
      ...[
        'light',
        'light-test',
        '--home-dir',
        directory,
        '--primary',
        node.rpcUrl,
        '--witnesses',
        node.rpcUrl,
      ],
      ...['--height', '1', '--hash', toHexUpper(hashes[0]!), '--laddr', `tcp://127.0.0.1:${port}`],
    ],
    log,
  )
  proxy = `http://127.0.0.1:${port}`
  await waitFor('the light client', async () => ((await fetch(`${proxy}/health`)).ok ? true : undefined))
}, 120_000)

afterAll(async () => {
  if (light) await endProcess(light)
  await node?.stop()
  rmSync(directory, { recursive: true, force: true })
})

describe("CometBFT's light client", () => {
  it.each(['2', '5', '9', '10', '26'])('accepts block %s', async (height) => {
    const answer = await call(proxy, 'commit', { height })
    expect(answer.error).toBeUndefined()
    expect(answer.result).toMatchObject({ signed_header: { header: { height, chain_id: 'light-test' } } })
    expect((await call(proxy, 'block', { height })).error).toBeUndefined()
  })

  // Headers that the tests before had it verify
  it('accepts validators, parameters, results and headers', async () => {
    expect(await call(proxy, 'validators', { height: '12' })).toMatchObject({ result: { total: '4' } })
    expect((await call(proxy, 'consensus_params', { height: '12' })).error).toBeUndefined()
    expect((await call(proxy, 'block_results', { height: '12' })).error).toBeUndefined()
    expect((await call(proxy, 'blockchain', { minHeight: '9', maxHeight: '10' })).error).toBeUndefined()
  })

  it('accepts the proof of a transaction', async () => {
    const hash = Buffer.from(sha256(utf8('other7=7'))).toString('base64')
    expect((await call(proxy, 'tx', { hash, prove: true })).error).toBeUndefined()
  })
})
