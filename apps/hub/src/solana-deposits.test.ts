// Deposits from a Solana cluster into the hub: the real programs, banks hashed by the real formula,
// validators that really sign votes, and what must be refused.
import { packetCommitment, voucherOf } from '@causeway/messaging'
import { commitmentLeaf, createSparseTree } from '@causeway/light-clients'
import { toHex, utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { eventsIn } from './testing/bridge.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { SolanaBridge, proofBytes } from './testing/solana-bridge.fixture.ts'
import { SolanaChain } from './testing/solana-chain.fixture.ts'
import { packetsOf } from './testing/two-chains.fixture.ts'
import { send } from './testing/wallet.fixture.ts'

const SOL = 1_000_000_000n

describe('a deposit', () => {
  it('is proven under a final slot, credited once and acknowledged, there too', async () => {
    const bridge = new SolanaBridge()
    const { trader, relayer, client } = bridge
    expect(client).toBe('solana-0')
    const packet = bridge.deposit({ amount: 5_000_000n, receiver: `${trader.address}/3` })
    const slot = bridge.finalize()
    const received = bridge.receive(packet, slot)
    expect([codeOf(received), received.log]).toEqual(['0', ''])
    expect(eventsIn(received, 'causeway.transfer.v1.credit')).toEqual([
      {
        line: '1',
        asset: '2',
        account: trader.address,
        subaccount: '3',
        amount: '5000000',
        sender: bridge.owner.publicKey.toBase58(),
        client,
        sequence: '1',
        msg_index: '0',
      },
    ])
    const { acknowledgement } = packetsOf(received, 'write_acknowledgement')[0]!
    const [answer] = acknowledgement.appAcknowledgements
    expect(toHex(answer!)).toBe(toHex(utf8('{"result":"AQ=="}')))
    expect(bridge.line()).toMatchObject({ listed: true, escrowed: '5000000', denom: bridge.path() })
    // Again: a no-op, also beside a message that brings it into a block.
    const again = bridge.evm.deliver(relayer, [
      send(relayer.address, relayer.address, '1'),
      bridge.receiveMessage(packet, slot),
    ])
    expect([codeOf(again), eventsIn(again, 'write_acknowledgement')]).toEqual(['0', []])
    expect(bridge.balance('usd', `${trader.address}/3`)).toBe('5000000')
    const ended = await bridge.answer(packet, answer!)
    expect(ended.error).toBe(undefined)
    expect(bridge.evm.broken()).toEqual([])
  })

  it('of USDC and of SOL stands in one account beside dollars of Ethereum, pooled with them', () => {
    const bridge = new SolanaBridge({ withEthereum: true })
    expect([bridge.evm.client, bridge.client]).toEqual(['ethereum-0', 'solana-1'])
    bridge.evm.credit(40_000_000n)
    bridge.credit(60_000_000n)
    bridge.credit(2n * SOL, undefined, bridge.sol)
    bridge.driver.block()
    const { collateral, initialMarginE6 } = bridge.evm.portfolio()
    expect(collateral).toMatchObject([
      { denom: 'ucway' },
      { denom: 'usd', amount: '100000000', valueE6: '100000000' },
      { denom: 'sol', amount: '2000000000', valueE6: '300000000' },
    ])
    // 90 % of 400, quantised against the account.
    expect(Number(initialMarginE6)).toBeGreaterThanOrEqual(359_999_990)
    expect([bridge.evm.line().escrowed, bridge.line().escrowed]).toEqual(['40000000', '60000000'])
    // Each chain pays what it holds.
    const wallet = bridge.openWallet().toBase58()
    const take = (amount: bigint) => {
      const { sent } = bridge.withdraw({ denom: voucherOf(bridge.path()), amount, receiver: wallet })
      return codeOf(sent)
    }
    expect([take(60_000_001n), take(60_000_000n)]).toEqual(['ledger/23', '0'])
    expect(bridge.evm.broken()).toEqual([])
  })

  it('goes with 49 others under one header', () => {
    const bridge = new SolanaBridge()
    const packets = Array.from({ length: 50 }, (_, i) => bridge.deposit({ amount: BigInt(i + 1) }))
    const header = bridge.chain.header(bridge.slot())
    const slot = bridge.chain.head.slot
    const messages = packets.map((packet) => bridge.receiveMessage(packet, slot))
    const result = bridge.evm.deliver(bridge.relayer, [bridge.updateMessage(header), ...messages])
    expect([codeOf(result), result.log]).toEqual(['0', ''])
    expect(bridge.balance('usd')).toBe('1275')
    const bytes = messages.reduce((sum, { value }) => sum + value.length, 0)
    expect(bytes / 50).toBeLessThan(1_400)
    expect(result.gasUsed).toBeLessThan(5_000_000n)
    expect(bridge.evm.broken()).toEqual([])
  })

  it('of a token that nobody listed becomes an asset of its own, worth nothing', () => {
    const bridge = new SolanaBridge()
    const line = bridge.mint()
    bridge.credit(999n, undefined, line)
    expect(bridge.line(line)).toMatchObject({ listed: false, escrowed: '999' })
    expect(bridge.balance(voucherOf(bridge.path(line)))).toBe('999')
    expect(bridge.evm.portfolio().initialMarginE6).toBe('0')
  })

  it('to a name that is no account is refused, and given back there', async () => {
    const bridge = new SolanaBridge()
    const before = bridge.held(bridge.owner.publicKey)
    const wrong = bridge.owner.publicKey.toBase58()
    const packet = bridge.deposit({ amount: 11n, receiver: wrong })
    const received = bridge.receive(packet)
    expect(codeOf(received)).toBe('0')
    const [answer] = packetsOf(received, 'write_acknowledgement')[0]!.acknowledgement.appAcknowledgements
    expect(toHex(answer!).slice(0, 8)).toBe('4774d4a5')
    expect((await bridge.answer(packet, answer!)).error).toBe(undefined)
    expect([bridge.held(bridge.owner.publicKey), bridge.line().escrowed]).toEqual([before, '0'])
  })

  it('that was too late is given back there, by the hub’s proof that it has no receipt', async () => {
    const bridge = new SolanaBridge()
    const before = bridge.held(bridge.owner.publicKey)
    const packet = bridge.deposit({ amount: 70n, timeoutSeconds: 60n })
    const slot = bridge.finalize()
    bridge.driver.block(61n)
    expect(codeOf(bridge.receive(packet, slot))).toBe('ibc/82')
    bridge.slot()
    expect((await bridge.expire(packet)).error).toBe(undefined)
    expect(bridge.held(bridge.owner.publicKey)).toBe(before)
  })
})

describe('a client follows epochs', () => {
  it('by the recorder’s account, one header each; without it, it knows no voters', () => {
    const bridge = new SolanaBridge({ chain: new SolanaChain({ slotsPerEpoch: 64n }) })
    const passTo = (epoch: bigint) => {
      const seconds = 1_700_000_000n + epoch * 64n - bridge.driver.timeSeconds
      bridge.driver.block(seconds)
    }
    for (const epoch of [1n, 2n, 3n]) {
      const bank = bridge.slot(bridge.chain.recorded(epoch))
      expect(codeOf(bridge.update(bridge.chain.header(bank)))).toBe('0')
      passTo(epoch)
      bridge.credit(1_000n)
    }
    passTo(4n)
    bridge.deposit({ amount: 5n })
    expect(codeOf(bridge.update(bridge.chain.header(bridge.slot())))).toBe('solana/11')
    expect(bridge.balance('usd')).toBe('3000')
  })

  it('but not by another program’s', () => {
    const bridge = new SolanaBridge()
    const bank = bridge.slot(bridge.chain.recorded(1n, bridge.chain.core))
    expect(codeOf(bridge.update(bridge.chain.header(bank)))).toBe('solana/44')
  })
})

describe('a header is refused', () => {
  it('unless two thirds of the stake voted: 40, 30, 20, 10', () => {
    const bridge = new SolanaBridge()
    const bank = bridge.slot()
    const judge = (voters: number[]) => codeOf(bridge.update(bridge.chain.header(bank, { voters })))
    expect(judge([1, 2, 3])).toBe('solana/27')
    expect(judge([0, 2])).toBe('solana/27')
    expect(judge([0, 1])).toBe('0')
  })

  it('of another cluster, with other validators or the same', () => {
    const bridge = new SolanaBridge()
    const other = new SolanaChain({ stakes: [1n, 1n, 1n, 1n, 96n] })
    expect(codeOf(bridge.update(other.header(other.produce(bridge.driver.timeSeconds))))).toBe('solana/22')
    // The votes are right, but for another bank than that of these accounts.
    const [ours, theirs] = [bridge.slot(), bridge.chain.head]
    const forged = bridge.chain.fork(theirs, bridge.chain.recorded(1n))
    const header = bridge.chain.header(forged, { votedFor: ours })
    expect(codeOf(bridge.update(header))).toBe('solana/42')
  })

  it('from the future, beyond the drift', () => {
    const bridge = new SolanaBridge()
    const bank = bridge.chain.produce(bridge.driver.timeSeconds + 8n)
    expect(codeOf(bridge.update(bridge.chain.header(bank)))).toBe('solana/14')
    bridge.driver.block(3n)
    expect(codeOf(bridge.update(bridge.chain.header(bank)))).toBe('0')
  })

  it('after the trusting period: the client has expired', () => {
    const bridge = new SolanaBridge()
    bridge.driver.block(86_400n)
    expect(codeOf(bridge.update(bridge.chain.header(bridge.slot())))).toBe('ibc/61')
  })

  it('changed in any byte that is proven', () => {
    const bridge = new SolanaBridge()
    bridge.deposit({ amount: 5n })
    const { value, typeUrl } = bridge.chain.header(bridge.slot())
    for (let i = 40; i < value.length; i += Math.floor(value.length / 40)) {
      const result = bridge.update({ typeUrl, value: value.with(i, value[i]! ^ 0x10) })
      expect(codeOf(result), `byte ${i}`).toMatch(/^solana\//)
    }
    expect(codeOf(bridge.update({ typeUrl, value }))).toBe('0')
  })

  it('twice it is a no-op; one that contradicts it freezes the client, as evidence does', () => {
    for (const isEvidence of [false, true]) {
      const bridge = new SolanaBridge()
      const bank = bridge.slot()
      const header = bridge.chain.header(bank)
      expect([codeOf(bridge.update(header)), codeOf(bridge.update(header))]).toEqual(['0', '0'])
      const fork = bridge.chain.fork(bank, bridge.chain.recorded(1n))
      const { misbehaviour, header: headerOf } = {
        misbehaviour: () => bridge.chain.misbehaviour(bank, fork),
        header: () => bridge.chain.header(fork),
      }
      const frozen = bridge.update(isEvidence ? misbehaviour() : headerOf())
      expect([codeOf(frozen), eventsIn(frozen, 'client_misbehaviour')]).toMatchObject(['0', [{}]])
      expect(codeOf(bridge.update(bridge.chain.header(bridge.slot())))).toBe('ibc/61')
    }
  })
})

describe('a proof is refused', () => {
  const open = () => {
    const bridge = new SolanaBridge()
    const packet = bridge.deposit({ amount: 17n })
    const other = bridge.deposit({ amount: 18n })
    return { bridge, packet, other, slot: bridge.finalize() }
  }

  it('tampered with, cut, lengthened, empty, or of another packet', () => {
    const { bridge, packet, slot } = open()
    const judge = (change: (proof: Uint8Array) => Uint8Array) => codeOf(bridge.receive(packet, slot, change))
    expect(judge((proof) => proof.with(-1, proof.at(-1)! ^ 1))).toBe('solana/63')
    expect(judge((proof) => proof.with(1, 3))).toBe('solana/62')
    expect(judge((proof) => proof.subarray(0, -1))).toBe('solana/8')
    expect(judge((proof) => Uint8Array.of(...proof, 0x12, 1, 0x80))).toBe('solana/62')
    expect(judge(() => new Uint8Array(0))).toBe('ibc/6')
    expect(judge(() => proofBytes(bridge.sent.prove(1n)))).toBe('solana/63')
    expect(judge((proof) => proof)).toBe('0')
  })

  it('of a slot that is not known, not final, older than the packet, or that did not write the root', () => {
    const { bridge, packet, slot } = open()
    expect(codeOf(bridge.receive(packet, slot + 9n))).toBe('solana/10')
    expect(codeOf(bridge.receive(packet, slot - 1n))).toBe('solana/2')
    const late = bridge.deposit({ amount: 1n })
    expect(codeOf(bridge.receive(late, slot))).toBe('solana/63')
    const confirmed = bridge.finalize({ isFinal: false })
    expect(codeOf(bridge.receive(late, confirmed))).toBe('solana/10')
    const quiet = bridge.finalize()
    expect(codeOf(bridge.receive(late, quiet))).toBe('solana/60')
    bridge.chain.touch()
    expect(codeOf(bridge.receive(late, bridge.finalize()))).toBe('0')
  })

  it('of a packet that was changed, or is somebody else’s', () => {
    const { bridge, packet, slot } = open()
    const judge = (change: Partial<typeof packet>) => codeOf(bridge.receive({ ...packet, ...change }, slot))
    expect(judge({ timeoutTimestamp: packet.timeoutTimestamp + 1n })).toBe('solana/63')
    const [payload] = packet.payloads
    const value = payload!.value.with(31, 1)
    expect(judge({ payloads: [{ ...payload!, value }] })).toBe('solana/63')
    expect(judge({ sourceClient: 'client-1' })).toBe('ibc/81')
    expect(judge({ destinationClient: 'solana-7' })).toBe('ibc/80')
    expect(judge({ destinationClient: 'ethereum-0' })).toBe('ibc/80')
    expect(judge({ sequence: 0n })).toBe('ibc/20')
    bridge.driver.block(3_600n)
    expect(judge({})).toBe('ibc/82')
  })

  it('over somebody’s client of the same core: its roots are its own, and the hub names ours', () => {
    const { bridge } = open()
    const theirs = { ...bridge.deposit({ amount: 1_000n }), sourceClient: 'client-9' }
    expect(codeOf(bridge.receive(theirs, bridge.finalize()))).toBe('ibc/81')
    // A stranger's client of the hub that looks at our roots and names another client: tagged otherwise.
    const stranger = bridge.evm.stranger
    const clientId = bridge.create(stranger)
    expect(codeOf(bridge.register(stranger, clientId, 'client-9'))).toBe('0')
    const packet = bridge.deposit({ amount: 1n })
    const bank = bridge.slot()
    expect(codeOf(bridge.update(bridge.chain.header(bank), clientId))).toBe('0')
    const forged = { ...packet, sourceClient: 'client-9', destinationClient: clientId }
    const tree = createSparseTree()
    tree.set(packet.sequence - 1n, commitmentLeaf(packetCommitment(forged)))
    const proof = () => proofBytes(tree.prove(packet.sequence - 1n))
    expect(codeOf(bridge.receive(forged, bank.slot, proof))).toBe('solana/63')
  })

  it('of a root account that another program wrote', () => {
    const { bridge } = open()
    const bank = bridge.slot(bridge.chain.rootsOf(bridge.chain.vault))
    expect(codeOf(bridge.update(bridge.chain.header(bank)))).toBe('solana/45')
  })
})
