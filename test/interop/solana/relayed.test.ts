import { Keypair } from '@solana/web3.js'
import { getAccount } from '@solana/spl-token'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { associatedAddress } from '@causeway/contracts-solana'
import { voucherOf } from '@causeway/messaging'
import { MsgTransfer } from '@causeway/protocol/ibc/applications/transfer/v1/tx'
import { waitFor } from '../processes.ts'
import { CLIENT } from './bridge.ts'
import { binaries, startRealValidator } from './real-validator.ts'
import type { RealValidator } from './real-validator.ts'
import { depositing } from './relayed-packets.ts'
import { openRelayedStage } from './relayed-stage.ts'
import type { RelayedStage } from './relayed-stage.ts'
import { report } from './report.ts'

const why = binaries.validator ? undefined : '`npm run test:interop:solana` runs this, where the validator is'
if (why) console.log(`skipped, a hub beside a real Solana validator: ${why}`)

const SLOTS_PER_EPOCH = 64
const WAIT_MILLISECONDS = 600_000

describe.skipIf(why)('a hub and an unmodified solana-test-validator, joined by the relayer', () => {
  let validator: RealValidator
  let stage: RelayedStage

  beforeAll(async () => {
    validator = await startRealValidator(SLOTS_PER_EPOCH)
    stage = await openRelayedStage(validator)
  })
  afterAll(async () => {
    await stage?.stop()
    await validator?.stop()
  })

  const inTime = async <T>(what: string, probe: () => Promise<T | undefined>) => {
    const started = performance.now()
    const value = await waitFor(what, probe, WAIT_MILLISECONDS)
    report(`${what}: ${Math.round((performance.now() - started) / 1000)} s`)
    return value
  }

  it('credits deposits of USDC and SOL once they are final, and acknowledges them', async () => {
    const { trader, lines, sender, owner } = stage
    const order = { amount: 250_000_000n, sequence: 1n, receiver: trader.address }
    await sender.send([await depositing(stage, lines.usdc, order)], [owner])
    const second = { amount: 1_500_000_000n, sequence: 2n, receiver: trader.address }
    await sender.send([await depositing(stage, lines.sol, second)], [owner])
    const credited = async (denom: string, amount: bigint) =>
      (await trader.balance(denom)) === amount ? true : undefined
    await inTime('250 USDC from deposit to credit', () => credited('usdc', 250_000_000n))
    await inTime('1.5 SOL, after that', () => credited('sol', 1_500_000_000n))
    await inTime('acknowledgements on Solana, after that', async () =>
      (await stage.chains.solana.pendingSequences(CLIENT)).length === 0 ? true : undefined,
    )
  })

  it('pays a withdrawal to a wallet that had no account of the token', async () => {
    const { trader, lines, onHub } = stage
    const recipient = Keypair.generate().publicKey
    // Without an encoding: the hub takes the one that the other end reads
    const value = MsgTransfer.fromPartial({
      sourcePort: 'transfer',
      sourceChannel: onHub,
      token: { denom: voucherOf(`transfer/${onHub}/${lines.usdc.mint.toBase58()}`), amount: '50000000' },
      sender: trader.address,
      receiver: recipient.toBase58(),
      timeoutTimestamp: BigInt(Math.floor(Date.now() / 1000)) + 3_600n,
    })
    await trader.send({ typeUrl: '/ibc.applications.transfer.v1.MsgTransfer', value })
    const wallet = associatedAddress(recipient, lines.usdc.mint, lines.usdc.tokenProgram)
    const paid = await inTime('50 USDC from withdrawal to wallet', async () =>
      (await validator.connection.getAccountInfo(wallet)) === null
        ? undefined
        : (await getAccount(validator.connection, wallet)).amount,
    )
    expect(paid).toBe(50_000_000n)
    await inTime('its acknowledgement on the hub, after that', async () =>
      (await stage.chains.hub.pendingSequences(onHub)).length === 0 ? true : undefined,
    )
  })

  it('goes on over epochs', async () => {
    const { epoch } = await validator.connection.getEpochInfo()
    await waitFor(
      'two epochs',
      async () => ((await validator.connection.getEpochInfo()).epoch >= epoch + 2 ? true : undefined),
      WAIT_MILLISECONDS,
    )
    const { trader, lines, sender, owner, chains, onHub } = stage
    const before = (await chains.hub.clientView(onHub)).latestHeight
    const order = { amount: 1_000_000n, sequence: 3n, receiver: trader.address }
    await sender.send([await depositing(stage, lines.usdc, order)], [owner])
    await inTime('a deposit two epochs later', async () =>
      (await trader.balance('usdc')) === 201_000_000n ? true : undefined,
    )
    const { latestHeight, status } = await chains.hub.clientView(onHub)
    expect(status).toBe('Active')
    expect(latestHeight).toBeGreaterThan(before)
    report(`most memory of the validator: ${validator.memoryMebibytes()} MiB`)
  })
})
