// The indexer on an EVM chain: a real execution client, sync committees that really sign, blocks that vanish.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  createWalletClient,
  encodeAbiParameters,
  http,
  keccak256,
  parseAbiParameters,
  stringToHex,
  toHex,
  type Hex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { startEthereum, type RunningEthereum } from '@causeway/devnet'
import { startIndexer, type Indexer, type IndexerConfigInput } from '@causeway/indexer'
import { answering, emitCall, EMITTER } from './emitter.ts'

const sender = privateKeyToAccount(keccak256(stringToHex('somebody')))
const receiver = 'cway1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnrujsuw'
const CHAIN = 'eip155:31337'
const silent = pino({ level: 'silent' })

const PAYLOADS =
  '(string sourcePort, string destPort, string version, string encoding, bytes value)[] payloads'
const PACKET =
  '(uint64 sequence, string sourceClient, string destClient, ' +
  `uint64 timeoutTimestamp, ${PAYLOADS}) packet`
const TYPES = '(uint64,string,string,uint64,(string,string,string,string,bytes)[])'
const topic = (signature: string) => keccak256(stringToHex(signature))

let folder: string
let ethereum: RunningEthereum
let indexer: Indexer | undefined
let core: Hex
let fromBlock: bigint

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'indexer-evm-'))
  ethereum = await startEthereum({
    ports: { execution: 0, beacon: 0 },
    network: { slotsPerEpoch: 4, epochsPerSyncCommitteePeriod: 4 },
    pastSlots: 16,
    balances: [[sender.address, 10n ** 20n]],
    log: silent,
    anvilLogPath: join(folder, 'anvil.log'),
    onHalt: (error) => {
      throw error
    },
  })
  const client = await deploy(answering(encodeAbiParameters([{ type: 'string' }], ['causeway-1'])))
  core = await deploy(EMITTER)
  fromBlock = BigInt(await rpc('eth_blockNumber'))
  await log(
    ['ClientAdded(string,(string,bytes[]),address)'],
    '(string clientId, (string clientId, bytes[] merklePrefix) counterparty, address client)',
    [...['client-0', { clientId: 'ethereum-3', merklePrefix: ['0x696263', '0x'] }, client]],
  )
  await slots(8) // final
})

afterEach(async () => {
  await indexer?.stop()
  indexer = undefined
})

afterAll(async () => {
  await ethereum.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('the indexer on an EVM chain', () => {
  it('shows a deposit as included, then as final, with its transaction and its destination', async () => {
    await open()
    const transaction = await sendPacket(1n)
    await slots(1)
    const included = await until(
      () => transfer(1),
      (row) => row !== undefined,
    )
    expect(included).toMatchObject({ sent_final: false, destination_chain_id: 'causeway-1' })
    expect(included).toMatchObject({ source_chain_id: CHAIN, sent_transaction: transaction })
    await slots(8)
    const final = await until(
      () => transfer(1),
      (row) => row?.sent_final === true,
    )
    expect(final).toMatchObject({
      received_height: null,
      denom: '0x00000000000000000000000000000000000000aa',
    })
    expect(final).toMatchObject({ amount: '1000', sender: sender.address.toLowerCase(), receiver })
  })

  it('forgets what a reorganisation takes away, and shows what took its sequence', async () => {
    await open()
    const lost = await sendPacket(2n, 111n)
    await slots(1)
    expect(
      (await until(
        () => transfer(2),
        (row) => row !== undefined,
      ))!.sent_transaction,
    ).toBe(lost)
    await rpc('anvil_rollback', 1)
    await slots(1)
    await until(
      () => transfer(2),
      (row) => row === undefined,
    )
    const other = await sendPacket(2n, 222n)
    await slots(8)
    const row = await until(
      () => transfer(2),
      (found) => found?.sent_final === true,
    )
    expect(row).toMatchObject({ amount: '222', sent_transaction: other })
  })

  it('reads clients, receipts and ends of packets from final blocks', async () => {
    await open()
    const packet = packetOf(9n, 5n, { source: 'ethereum-3', destination: 'client-0' })
    await log(['ClientUpdated(string,uint64)', keccak256(stringToHex('client-0'))], '(uint64 height)', [77n])
    const received = await log(
      [
        `WriteAcknowledgement(string,uint256,${TYPES},bytes[])`,
        keccak256(stringToHex('client-0')),
        toHex(9n, { size: 32 }),
      ],
      `(${PACKET}, bytes[] acknowledgements)`,
      [packet, [toHex('{"result":"AQ=="}')]],
    )
    await sendPacket(3n)
    const acknowledged = await log(
      [
        `AckPacket(string,uint256,${TYPES},bytes)`,
        keccak256(stringToHex('client-0')),
        toHex(3n, { size: 32 }),
      ],
      `(${PACKET}, bytes acknowledgement)`,
      [packetOf(3n), toHex('{"result":"AQ=="}')],
    )
    await slots(8)
    const updates = await until(
      () => select(`SELECT * FROM client_update WHERE chain_id = '${CHAIN}'`),
      (rows) => rows.length > 0,
    )
    expect(updates[0]).toMatchObject({ client_id: 'client-0', revision_number: '1', revision_height: '77' })
    const [client] = await select(`SELECT * FROM client WHERE chain_id = '${CHAIN}'`)
    expect(client).toMatchObject({
      client_id: 'client-0',
      client_type: 'attestation',
      tracked_chain_id: 'causeway-1',
      counterparty_client_id: 'ethereum-3',
      counterparty_merkle_prefix: '696263,',
    })
    const [deposit, withdrawal] = [await transfer(3), await transfer(9)]
    expect(deposit).toMatchObject({ sent_final: true, acknowledged_transaction: acknowledged })
    expect(withdrawal).toMatchObject({
      source_chain_id: 'causeway-1',
      destination_chain_id: CHAIN,
      accepted: true,
      received_transaction: received,
    })
  })

  it('goes on where it stood after a restart, from the beacon block that it trusted last', async () => {
    const database = join(folder, 'database')
    await open({ database })
    await sendPacket(4n)
    await slots(8)
    await until(
      () => transfer(4),
      (row) => row?.sent_final === true,
    )
    await indexer!.stop()
    await sendPacket(5n)
    await slots(24) // into the next sync committee period
    await open({ database })
    await until(
      () => transfer(5),
      (row) => row?.sent_final === true,
    )
    expect((await transfer(4))?.sent_final).toBe(true)
  })

  it('keeps nothing of what was reorganised away while it was down', async () => {
    const database = join(folder, 'reorganised')
    await open({ database })
    await sendPacket(7n, 111n)
    await slots(1)
    await until(
      () => transfer(7),
      (row) => row?.amount === '111',
    )
    await indexer!.stop()
    await rpc('anvil_rollback', 1)
    const other = await sendPacket(7n, 222n)
    await slots(8)
    await open({ database })
    const row = await until(
      () => transfer(7),
      (found) => found?.sent_final === true,
    )
    expect(row).toMatchObject({ amount: '222', sent_transaction: other })
  })

  it('refuses a beacon chain whose committee did not sign, and writes nothing of it', async () => {
    const wrong = `0x${'12'.repeat(32)}`
    await open({ beaconRoot: wrong })
    await sendPacket(6n)
    await slots(8)
    const state = await until(chainMeta, ({ lastError }) => lastError !== undefined)
    expect(state).toMatchObject({ indexedHeight: 0n, state: 'RETRYING' })
    expect(await transfer(6)).toBeUndefined()
  })
})

async function open(changes: { database?: string; beaconRoot?: string } = {}): Promise<void> {
  const { database = 'memory', ...chain } = changes
  const evm = {
    chainId: CHAIN,
    rpcUrls: [ethereum.rpcUrl],
    beaconUrls: [ethereum.beaconUrl],
    core,
    fromBlock,
    ...chain,
  }
  // The hub is not there: its silence must not hide what another chain says.
  const hub = { chainId: 'causeway-1', rpcUrls: ['http://127.0.0.1:9'] }
  const config: IndexerConfigInput = { hub, evmChains: [evm], database, pollMs: 20, lagRefuseSeconds: 1e9 }
  indexer = await startIndexer(config, { log: silent, nowMs })
}

/** The chain's own clock: slots are made as fast as they can be. */
function nowMs(): number {
  const { genesisTimeSeconds, secondsPerSlot } = ethereum.network
  return (genesisTimeSeconds + ethereum.chain.head.slot * secondsPerSlot) * 1000
}

async function slots(count: number): Promise<void> {
  const first = ethereum.chain.head.slot + 1
  for (let slot = first; slot < first + count; slot++) await ethereum.producer.produce(slot)
}

type Ends = { source: string; destination: string }

function packetOf(
  sequence: bigint,
  amount = 1_000n,
  ends: Ends = { source: 'client-0', destination: 'ethereum-3' },
) {
  const isDeposit = ends.source === 'client-0'
  const value = encodeAbiParameters(
    parseAbiParameters('(string denom, string sender, string receiver, uint256 amount, string memo)'),
    [
      {
        denom: '0x00000000000000000000000000000000000000aa',
        sender: isDeposit ? sender.address.toLowerCase() : receiver,
        receiver: isDeposit ? receiver : sender.address.toLowerCase(),
        amount,
        memo: '',
      },
    ],
  )
  const payload = {
    sourcePort: 'transfer',
    destPort: 'transfer',
    version: 'ics20-1',
    encoding: 'application/x-solidity-abi',
    value,
  }
  return {
    sequence,
    sourceClient: ends.source,
    destClient: ends.destination,
    timeoutTimestamp: 4_000_000_000n,
    payloads: [payload],
  }
}

function sendPacket(sequence: bigint, amount?: bigint): Promise<Hex> {
  const topics = [
    `SendPacket(string,uint256,${TYPES})`,
    keccak256(stringToHex('client-0')),
    toHex(sequence, { size: 32 }),
  ]
  return log(topics, `(${PACKET})`, [packetOf(sequence, amount)])
}

/** Has the emitter log an event: its signature, its indexed topics, and the types and values of the rest. */
async function log([signature, ...indexed]: string[], types: string, values: unknown[]): Promise<Hex> {
  const parameters = parseAbiParameters(types.slice(1, -1))
  const data = encodeAbiParameters(parameters as never, values as never)
  return transact({ to: core, data: emitCall([topic(signature!), ...(indexed as Hex[])], data) })
}

async function deploy(data: Hex): Promise<Hex> {
  const hash = await transact({ data })
  await slots(1)
  const { contractAddress } = await rpc<{ contractAddress: Hex }>('eth_getTransactionReceipt', hash)
  return contractAddress
}

function transact(transaction: { to?: Hex; data: Hex }): Promise<Hex> {
  const wallet = createWalletClient({ account: sender, transport: http(ethereum.rpcUrl) })
  return wallet.sendTransaction({
    ...transaction,
    chain: null,
    gas: 1_000_000n,
    maxFeePerGas: 10n ** 10n,
    maxPriorityFeePerGas: 10n ** 9n,
  })
}

async function rpc<Answer = string>(method: string, ...parameters: unknown[]): Promise<Answer> {
  const { request } = http(ethereum.rpcUrl)({})
  return (await request({ method, params: parameters })) as Answer
}

type Row = Record<string, string | boolean | null>

/** What the tables say of a transfer: GraphQL would refuse, because there is no hub to be in step with. */
async function transfer(sequence: number): Promise<Row | undefined> {
  const [row] = await select(
    `SELECT p.*, t.denom, t.amount, t.sender, t.receiver FROM packet p
      JOIN transfer t USING (source_chain_id, source_client, destination_client, sequence)
      WHERE sequence = ${sequence}`,
  )
  return row
}

async function select(sql: string): Promise<Row[]> {
  return (await indexer!.database.reader.query(sql)) as Row[]
}

function chainMeta() {
  return Promise.resolve(indexer!.meta().chains.find(({ chainId }) => chainId === CHAIN)!)
}

async function until<Value>(read: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const value = await read()
    if (holds(value)) return value
    if (Date.now() > deadline) throw new Error(`waited in vain; at last: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
