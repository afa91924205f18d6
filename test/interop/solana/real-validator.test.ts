import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PublicKey } from '@solana/web3.js'
import { Keypair } from '@solana/web3.js'
import { getAccount } from '@solana/spl-token'
import {
  associatedAddress,
  decodeHubClient,
  isImmutable,
  programDataAddress,
  recorderAddress,
  rootsAddress,
  touchInstruction,
} from '@causeway/contracts-solana'
import { commitmentLeaf, createSparseTree, readEpochStakes } from '@causeway/light-clients'
import {
  SUCCESS_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
  packetAcknowledgementKey,
  packetCommitment,
  packetCommitmentKey,
} from '@causeway/messaging'
import { ProtocolError, equalBytes, fromBase58, toBase58 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { RelayError, openBankFollower } from '@causeway/relayer'
import type { BankFollower } from '@causeway/relayer'
import { waitFor } from '../processes.ts'
import { CLIENT, HELD, clusterTime, openBridge } from './bridge.ts'
import type { Bridge } from './bridge.ts'
import { PROGRAMS, codeOf } from './deploy.ts'
import { forgedHeaders } from './forged-headers.ts'
import { createHubLightClient, provePlace } from './hub-light-client.ts'
import type { HubLightClient } from './hub-light-client.ts'
import { binaries, startRealValidator } from './real-validator.ts'
import type { RealValidator } from './real-validator.ts'
import { HUB_ACCOUNT, depositing, eventOf, receiving, updating, withdrawal } from './relayed-packets.ts'
import { report } from './report.ts'
import { compare } from './shadow.ts'

const why = binaries.validator ? undefined : '`npm run test:interop:solana` runs this, where the validator is'
if (why) console.log(`skipped, a real Solana validator: ${why}`)

/** An epoch takes 26 seconds where slots take 0.4. */
const SLOTS_PER_EPOCH = 64
const WAIT_MILLISECONDS = 600_000

describe.skipIf(why)('an unmodified solana-test-validator', () => {
  let validator: RealValidator
  let bridge: Bridge
  let genesisHash: Uint8Array
  let follower: BankFollower
  let light: HubLightClient
  let rootAccount: PublicKey
  const sent: Packet[] = []
  const [commitments, receipts] = [createSparseTree(), createSparseTree()]
  const problems: string[] = []

  beforeAll(async () => {
    validator = await startRealValidator(SLOTS_PER_EPOCH)
    bridge = await openBridge(validator.connection)
    rootAccount = rootsAddress(bridge.programs.core, CLIENT)
    genesisHash = fromBase58(await validator.connection.getGenesisHash())!
    follower = await openBankFollower({
      stream: validator.records,
      genesisHash,
      watched: [rootAccount.toBytes()],
      recorderAccount: recorderAddress(bridge.programs.recorder).toBytes(),
      onProblem: (error) => problems.push(error.message),
    })
  })
  afterAll(async () => {
    await follower?.close()
    await bridge?.recorder.stop()
    await validator?.stop()
  })

  /** The slot from which on a transaction's writes are final, as the follower judges it from votes. */
  const finalFrom = (slot: number) =>
    waitFor(
      `slot ${slot} to be final`,
      () => {
        const bank = follower.headers.newestProvable(rootAccount.toBytes())
        return bank && bank.slot >= BigInt(slot) ? bank : undefined
      },
      WAIT_MILLISECONDS,
    )

  /** Shows the light client everything up to a slot. */
  const bringTo = (slot: bigint): Any[] => {
    const messages = follower.headers.updatesTo(light.state(), slot)
    for (const message of messages) light.update(message)
    return messages
  }

  const deposit = async (name: 'usdc' | 'sol', amount: bigint) => {
    const order = { amount, sequence: BigInt(sent.length + 1), receiver: HUB_ACCOUNT }
    const instruction = await depositing(bridge, bridge.lines[name], order)
    const done = await compare(bridge, await bridge.sender.sign([instruction], [bridge.owner]))
    const { kind, packet } = eventOf(bridge, done.validator)
    expect(kind).toBe('send_packet')
    sent.push(packet)
    commitments.set(packet.sequence - 1n, commitmentLeaf(packetCommitment(packet)))
    report(`deposit ${name}, slot ${done.validator.slot}`, done)
    return done.validator
  }

  it('runs the committed programs, which nobody can change', async () => {
    expect(validator.version).toBe('4.2.2')
    for (const name of PROGRAMS) {
      const address = programDataAddress(bridge.programs[name])
      const { data } = (await validator.connection.getAccountInfo(address))!
      expect(isImmutable(data), name).toBe(true)
      expect(equalBytes(data.subarray(45), codeOf(name)), name).toBe(true)
    }
  })

  it('says the epoch stakes that its own bank has', async () => {
    const [first] = await waitFor('a record', () =>
      bridge.recorder.records[0] ? bridge.recorder.records : undefined,
    )
    const account = await validator.connection.getAccountInfo(recorderAddress(bridge.programs.recorder))
    const set = readEpochStakes(account!.data)
    const { current } = await validator.connection.getVoteAccounts()
    const said = current.map(({ votePubkey, nodePubkey }) => [votePubkey, nodePubkey]).sort()
    const recorded = set.voters.map(({ voteAccount, node }) => [toBase58(voteAccount), toBase58(node)])
    expect(recorded.sort()).toEqual(said)
    expect(set.totalStake).toBeGreaterThan(0n)
    expect(set.recordedStake).toBe(set.totalStake)
    expect(first!.computeUnits).toBeGreaterThan(0)
    report(
      `recorded: epoch ${set.epoch}, total stake ${set.totalStake} lamports, ${first!.computeUnits} units`,
    )
  })

  it('is followed by its stream: every bank hash computed here is the one it votes for', async () => {
    light = await createHubLightClient(() => BigInt(Math.floor(Date.now() / 1000)))
    const terms = {
      genesisHash,
      hardForks: [],
      trustingPeriodSeconds: 3_600n,
      maxClockDriftSeconds: 10n,
      ibcProgram: bridge.programs.core.toBytes(),
      rootAccount: rootAccount.toBytes(),
      recorderProgram: bridge.programs.recorder.toBytes(),
      recorderAccount: recorderAddress(bridge.programs.recorder).toBytes(),
    }
    const seedNow = () => {
      try {
        return follower.headers.seed('solana:test', terms)
      } catch (error) {
        if (error instanceof RelayError && error.retry === 'later') return undefined
        throw error
      }
    }
    const what = 'a final slot in an epoch whose set was recorded'
    const { clientState, consensusState } = await waitFor(what, seedNow, WAIT_MILLISECONDS)
    light.initialise(clientState, consensusState)
    const start = light.state()
    expect(problems).toEqual([])
    report(`checkpoint: slot ${start.latestSlot}, epoch ${start.latestEpoch}`)
  })

  it('has deposits of USDC and SOL proven to the light client, and nothing else', async () => {
    await deposit('usdc', 250_000_000n)
    const { slot } = await deposit('sol', 1_500_000_000n)
    const bank = await finalFrom(slot)
    const messages = bringTo(bank.slot)
    report(`final at slot ${bank.slot}: ${messages.length} header(s), ${messages.at(-1)!.value.length} bytes`)
    for (const packet of sent) {
      const key = packetCommitmentKey(CLIENT, packet.sequence)
      const proof = provePlace(commitments, packet.sequence)
      light.verifyMembership(bank.slot, key, packetCommitment(packet), proof)
      const other = packetCommitment({ ...packet, timeoutTimestamp: packet.timeoutTimestamp + 1n })
      expect(() => light.verifyMembership(bank.slot, key, other, proof)).toThrow(ProtocolError)
    }
    expect((await getAccount(validator.connection, ownAccount('usdc'))).amount).toBe(HELD.usdc - 250_000_000n)
  })

  it('crosses epochs: the recorded set judges the next one', async () => {
    const before = light.state().latestEpoch
    const epochNow = async () => BigInt((await validator.connection.getEpochInfo('confirmed')).epoch)
    const target = (await epochNow()) + 1n
    await waitFor(
      'the next epoch',
      async () => ((await epochNow()) > target ? true : undefined),
      WAIT_MILLISECONDS,
    )
    const touched = await bridge.sender.send([touchInstruction(bridge.programs.core, CLIENT)])
    const bank = await finalFrom(touched.slot)
    const shown = bringTo(bank.slot)
    expect(bank.epoch).toBeGreaterThan(before)
    expect(light.state().latestEpoch).toBeGreaterThanOrEqual(bank.epoch)
    expect(shown.length).toBeGreaterThanOrEqual(2)
    report(`epochs ${before} to ${light.state().latestEpoch}: ${shown.length} headers`)
  })

  it('pays a withdrawal that the hub attests, and proves that it did', async () => {
    const recipient = Keypair.generate().publicKey
    const timeSeconds = await clusterTime(validator.connection)
    // A quarter of what a line holds may leave in an hour
    const order = { sequence: 1n, recipient, amount: 50_000_000n, timeoutTimestamp: timeSeconds + 3_600n }
    const packet = withdrawal(bridge.lines.usdc, order)
    const header = bridge.hub.sendPackets([packet], timeSeconds)
    const few = await bridge.sender.submit(
      await bridge.sender.sign([await updating(bridge, bridge.hub.undersigned(), 'too few')]),
    )
    expect(few.error).toEqual(expect.any(Number))
    const update = await compare(bridge, await bridge.sender.sign([await updating(bridge, header, 'update')]))
    const account = await validator.connection.getAccountInfo(bridge.hubClient.client)
    expect(decodeHubClient(account!.data)!.latestHeight).toBe(header.message.height)
    report('update of the hub client, 4 attestors', update)
    const places = { height: header.message.height, recipient, receipts }
    const receive = await receiving(bridge, bridge.lines.usdc, packet, places)
    const paid = await compare(bridge, await bridge.sender.sign([receive]))
    expect(eventOf(bridge, paid.validator).acknowledgement).toEqual(SUCCESS_ACKNOWLEDGEMENT)
    const wallet = associatedAddress(recipient, bridge.lines.usdc.mint, bridge.lines.usdc.tokenProgram)
    expect((await getAccount(validator.connection, wallet)).amount).toBe(order.amount)
    report('withdrawal received and paid', paid)
    const acknowledgement = acknowledgementCommitment([SUCCESS_ACKNOWLEDGEMENT])
    receipts.set(0n, commitmentLeaf(acknowledgement))
    const bank = await finalFrom(paid.validator.slot)
    bringTo(bank.slot)
    light.verifyMembership(
      bank.slot,
      packetAcknowledgementKey(CLIENT, 1n),
      acknowledgement,
      provePlace(receipts, 1n),
    )
  })

  it('has any other header refused', async () => {
    const touched = await bridge.sender.send([touchInstruction(bridge.programs.core, CLIENT)])
    const bank = await finalFrom(touched.slot)
    const messages = follower.headers.updatesTo(light.state(), bank.slot)
    const last = messages.at(-1)!
    for (const message of messages.slice(0, -1)) light.update(message)
    const refusals = forgedHeaders(last).map(([what, message]) => {
      expect(() => light.update(message), what).toThrow(ProtocolError)
      return what
    })
    light.update(last)
    report(`refused: ${refusals.join(', ')}; then the header as it was: accepted`)
    expect(problems).toEqual([])
    report(`most memory of the validator: ${validator.memoryMebibytes()} MiB`)
  })

  function ownAccount(name: 'usdc' | 'sol'): PublicKey {
    const { mint, tokenProgram } = bridge.lines[name]
    return associatedAddress(bridge.owner.publicKey, mint, tokenProgram)
  }
})
