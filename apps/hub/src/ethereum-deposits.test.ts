// Deposits from an Ethereum chain into the hub: real tries, committees that really sign, and what must be
// refused.
import { packetCommitment, packetCommitmentKey, voucherOf } from '@causeway/messaging'
import { fromHex, sha256, toHex, utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { eventsIn } from './testing/bridge.fixture.ts'
import { DEPOSITOR, EthereumBridge, THERE, USDC, WETH } from './testing/ethereum-bridge.fixture.ts'
import { EthereumChain } from './testing/ethereum-chain.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { packetsOf } from './testing/two-chains.fixture.ts'
import { send } from './testing/wallet.fixture.ts'

describe('a deposit', () => {
  it('is proven under a final state, credited once and acknowledged', () => {
    const bridge = new EthereumBridge()
    const { trader, client } = bridge
    expect(client).toBe('ethereum-0')
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
        sender: DEPOSITOR,
        client,
        sequence: '1',
        msg_index: '0',
      },
    ])
    const { acknowledgement } = packetsOf(received, 'write_acknowledgement')[0]!
    expect(acknowledgement.appAcknowledgements.map(toHex)).toEqual([toHex(utf8('{"result":"AQ=="}'))])
    expect(bridge.line()).toMatchObject({
      listed: true,
      escrowed: '5000000',
      denom: `transfer/${client}/${USDC}`,
    })
    // Again: a no-op, also beside a message that brings it into a block.
    const again = bridge.deliver(bridge.relayer, [
      send(bridge.relayer.address, bridge.relayer.address, '1'),
      bridge.receiveMessage(packet, slot),
    ])
    expect([codeOf(again), eventsIn(again, 'write_acknowledgement')]).toEqual(['0', []])
    expect(bridge.balance(`${trader.address}/3`, 'usd')).toBe('5000000')
    expect(bridge.broken()).toEqual([])
  })

  it('of 18 decimals is collateral at its price after haircuts', () => {
    const bridge = new EthereumBridge()
    bridge.credit(3n * 10n ** 17n, undefined, WETH)
    bridge.driver.block()
    const { collateral, initialMarginE6 } = bridge.portfolio()
    const eth = { denom: 'eth', amount: '300000000000000000', valueE6: '600000000' }
    expect(collateral).toMatchObject([{ denom: 'ucway' }, eth])
    // Doubles are quantised against the account: one micro-cash less than 600 · 90 %.
    expect(initialMarginE6).toBe('539999999')
  })

  it('of a token that nobody listed becomes an asset of its own, worth nothing', () => {
    const bridge = new EthereumBridge()
    const token = `0x${'ee'.repeat(20)}`
    bridge.credit(999n, undefined, token)
    expect(bridge.line(token)).toMatchObject({ listed: false, escrowed: '999' })
    expect(bridge.balance(bridge.trader.address, voucherOf(`transfer/${bridge.client}/${token}`))).toBe('999')
    expect(bridge.portfolio().initialMarginE6).toBe('0')
  })

  it('to a name that is no account is refused with the error acknowledgement', () => {
    const bridge = new EthereumBridge()
    for (const receiver of [DEPOSITOR, `${bridge.trader.address}/65536`, 'cway1']) {
      const received = bridge.receive(bridge.deposit({ amount: 11n, receiver }))
      expect(codeOf(received)).toBe('0')
      const { acknowledgement } = packetsOf(received, 'write_acknowledgement')[0]!
      expect(toHex(acknowledgement.appAcknowledgements[0]!).slice(0, 8)).toBe('4774d4a5')
    }
    expect(bridge.line()).toMatchObject({ escrowed: '0' })
  })

  it('follows the chain over periods, and many packets go with one update', () => {
    const bridge = new EthereumBridge()
    for (let period = 0; period < 4; period++) {
      const packets = [1n, 2n, 3n].map((amount) =>
        bridge.deposit({ amount, receiver: bridge.trader.address }),
      )
      const slot = bridge.finalize()
      const result = bridge.deliver(
        bridge.relayer,
        packets.map((packet) => bridge.receiveMessage(packet, slot)),
      )
      expect(codeOf(result)).toBe('0')
      bridge.passTo(bridge.slot + 40n)
    }
    expect(bridge.balance(bridge.trader.address, 'usd')).toBe('24')
    expect(bridge.broken()).toEqual([])
  })
})

describe('a header is refused', () => {
  const open = () => {
    const bridge = new EthereumBridge()
    bridge.passTo(112n)
    return bridge
  }
  const wish = { attestedSlot: 110n, finalizedSlot: 104n }
  const judge = (change: object, bridge = open()) => codeOf(bridge.update({ ...wish, ...change }))

  it('unless two thirds of the committee signed: 21 of 32 are too few, 22 enough', () => {
    expect(judge({})).toBe('0')
    expect(judge({ participants: 21 })).toBe('ethereum/20')
    expect(judge({ participants: 22 })).toBe('0')
  })

  it('signed by the committee of another period, or of no known one', () => {
    expect(judge({ signingPeriod: 2n })).toBe('ethereum/27')
    const late = open()
    late.passTo(300n)
    expect(judge({ attestedSlot: 290n, finalizedSlot: 280n }, late)).toBe('ethereum/23')
  })

  it('signed for another fork or another network', () => {
    expect(judge({ signedVersion: Uint8Array.of(4, 0, 0, 1) })).toBe('ethereum/27')
    expect(judge({ signedGenesisRoot: sha256(utf8('holesky')) })).toBe('ethereum/27')
  })

  it('of another chain with the same keys', () => {
    const bridge = open()
    const other = new EthereumChain({ genesisSeconds: bridge.chain.genesisSeconds, seed: 'another' })
    expect(codeOf(bridge.update(wish, bridge.client, other))).toBe('ethereum/27')
  })

  it('from the future, beyond the drift', () => {
    expect(judge({ attestedSlot: 112n, finalizedSlot: 104n })).toBe('ethereum/22')
    expect(judge({ attestedSlot: 118n })).toBe('ethereum/22')
    expect(judge({ signatureSlot: 110n })).toBe('ethereum/22')
  })

  it('after the trusting period: the client has expired', () => {
    const bridge = open()
    bridge.driver.block(86_400n)
    expect(judge({}, bridge)).toBe('ibc/61')
  })

  it('changed in any byte that is proven', () => {
    const bridge = open()
    const { value, typeUrl } = bridge.chain.header(wish)
    for (let i = 40; i < value.length; i += 97) {
      const clientMessage = { typeUrl, value: value.with(i, value[i]! ^ 0x10) }
      const { address: signer } = bridge.relayer
      const update = { clientId: bridge.client, clientMessage, signer }
      const result = bridge.deliver(bridge.relayer, [message('ibc.core.client.v1.MsgUpdateClient', update)])
      expect(codeOf(result), `byte ${i}`).toMatch(/^ethereum\//)
    }
  })

  it('twice it is a no-op, and one that contradicts it freezes the client', () => {
    const bridge = open()
    expect(judge({}, bridge)).toBe('0')
    expect(judge({}, bridge)).toBe('0')
    bridge.passTo(130n)
    expect(judge({ attestedSlot: 126n, finalizedSlot: 120n, withNextCommittee: true }, bridge)).toBe('0')
    expect(judge({}, bridge)).toBe('0')
    bridge.chain.reorganise(102n, 'fork')
    const frozen = bridge.update(wish)
    expect([codeOf(frozen), eventsIn(frozen, 'client_misbehaviour')]).toMatchObject(['0', [{}]])
    expect(judge({ attestedSlot: 128n, finalizedSlot: 122n }, bridge)).toBe('ibc/61')
  })
})

describe('a proof is refused', () => {
  const open = () => {
    const bridge = new EthereumBridge()
    const packet = bridge.deposit({ amount: 17n, receiver: bridge.trader.address })
    const other = bridge.deposit({ amount: 18n, receiver: bridge.trader.address })
    return { bridge, packet, other, slot: bridge.finalize() }
  }

  it('tampered with, cut, lengthened or empty', () => {
    const { bridge, packet, slot } = open()
    const judge = (change: (proof: Uint8Array) => Uint8Array) => codeOf(bridge.receive(packet, slot, change))
    for (const at of [0.2, 0.5, 0.9]) {
      const flipped = judge((proof) => proof.with(Math.floor(proof.length * at), 0xee))
      expect(flipped).toMatch(/^ethereum\//)
    }
    expect(judge((proof) => proof.subarray(0, -1))).toBe('ethereum/8')
    expect(judge((proof) => Uint8Array.of(...proof, 0x12, 1, 0x80))).toBe('ethereum/44')
    expect(judge(() => new Uint8Array(0))).toBe('ibc/6')
    expect(judge((proof) => proof)).toBe('0')
  })

  it('of another slot, another account, another contract, another sequence', () => {
    const { bridge, packet, other, slot } = open()
    const keyOf = (sequence: bigint) => packetCommitmentKey(THERE, sequence)
    const judge = (proof: Uint8Array) => codeOf(bridge.receive(packet, slot, () => proof))
    expect(judge(bridge.chain.prove(slot, keyOf(other.sequence)))).toMatch(/^ethereum\/4[2-4]$/)
    expect(judge(bridge.chain.prove(slot, keyOf(99n)))).toMatch(/^ethereum\/(4[2-4]|50)$/)
    expect(judge(bridge.chain.prove(slot, keyOf(1n), fromHex('cd'.repeat(20))))).toMatch(/^ethereum\/4[2-8]$/)
    const elsewhere = new EthereumChain({
      genesisSeconds: bridge.chain.genesisSeconds,
      contract: fromHex('cd'.repeat(20)),
    })
    elsewhere.commit(100n, keyOf(1n), packetCommitment(packet))
    expect(judge(elsewhere.prove(slot, keyOf(1n)))).toMatch(/^ethereum\/4[2-4]$/)
  })

  it('of a state that is not known, not final, or older than the packet', () => {
    const { bridge, packet, slot } = open()
    expect(codeOf(bridge.receive(packet, slot + 1n))).toBe('ethereum/10')
    expect(codeOf(bridge.receive(packet, slot - 1n))).toBe('ethereum/2')
    const late = bridge.deposit({ amount: 1n, receiver: bridge.trader.address })
    expect(codeOf(bridge.receive(late, slot))).toBe('ethereum/50')
    const head = bridge.attest()
    expect(codeOf(bridge.receive(late, head))).toBe('ethereum/10')
    expect(codeOf(bridge.receive(late))).toBe('0')
  })

  it('of a packet that was changed, or is somebody else’s', () => {
    const { bridge, packet, slot } = open()
    const judge = (change: Partial<typeof packet>) => codeOf(bridge.receive({ ...packet, ...change }, slot))
    expect(judge({ timeoutTimestamp: packet.timeoutTimestamp + 1n })).toBe('ethereum/49')
    const [payload] = packet.payloads
    const value = payload!.value.with(31, 1)
    expect(judge({ payloads: [{ ...payload!, value }] })).toBe('ethereum/49')
    expect(judge({ sourceClient: 'client-1' })).toBe('ibc/81')
    expect(judge({ destinationClient: 'ethereum-7' })).toBe('ibc/80')
    expect(judge({ sequence: 0n })).toBe('ibc/20')
    bridge.driver.block(3_600n)
    expect(judge({})).toBe('ibc/82')
  })

  it('of a client of that chain that the hub doesn’t name: it drains nothing', () => {
    const { bridge } = open()
    // Somebody's client on Ethereum names ours as its counterparty, and sends over it.
    const theirs = bridge.deposit({ amount: 1_000n, receiver: bridge.trader.address })
    const packet = { ...theirs, sourceClient: 'client-9' }
    bridge.chain.commit(bridge.slot, packetCommitmentKey('client-9', 1n), packetCommitment(packet))
    expect(codeOf(bridge.receive({ ...packet, sequence: 1n }))).toBe('ibc/81')
  })
})

describe('listings', () => {
  it('are not a stranger’s, with the same chain and contract', () => {
    const bridge = new EthereumBridge({ isOpen: false })
    bridge.client = bridge.open(bridge.stranger)
    expect(eventsIn(bridge.credit(7n), 'causeway.transfer.v1.credit')).toMatchObject([{ asset: '4' }])
    expect(bridge.line()).toMatchObject({ listed: false })
    expect(bridge.portfolio().initialMarginE6).toBe('0')
  })

  it('are of one contract on one chain', () => {
    const genesisSeconds = 1_700_000_000n - 1_200n
    for (const chain of [
      new EthereumChain({ genesisSeconds, contract: fromHex('cd'.repeat(20)) }),
      new EthereumChain({ genesisSeconds, chainId: 1n }),
    ]) {
      const bridge = new EthereumBridge({ chain })
      bridge.credit(7n)
      expect(bridge.line()).toMatchObject({ listed: false })
    }
  })

  it('pool one token over several chains', () => {
    const genesisSeconds = 1_700_000_000n - 1_200n
    const base = new EthereumChain({ genesisSeconds, chainId: 8_453n, seed: 'base' })
    const token = `0x${'b0'.repeat(20)}`
    const creator = new EthereumBridge({ isOpen: false }).relayer.address
    const contract = `0x${'ab'.repeat(20)}`
    const common = { creator, clientType: 'ethereum' as const, contract, asset: 'usd' }
    const listings = [
      { ...common, chainId: 'eip155:31337', base: USDC },
      { ...common, chainId: 'eip155:8453', base: token },
    ]
    const bridge = new EthereumBridge({ genesis: { listings } })
    bridge.credit(500n)
    const first = bridge.client
    bridge.client = bridge.open(bridge.relayer, base)
    bridge.chain = base
    const received = bridge.receive(
      bridge.deposit({ amount: 70n, receiver: bridge.trader.address, token, sequence: 1n }),
    )
    expect(codeOf(received)).toBe('0')
    expect(bridge.balance(bridge.trader.address, 'usd')).toBe('570')
    expect([bridge.line(USDC, first).escrowed, bridge.line(token).escrowed]).toEqual(['500', '70'])
    // All of the 570 is one asset; each chain pays what it holds.
    const withdraw = (amount: bigint) =>
      codeOf(bridge.withdraw({ denom: voucherOf(`transfer/${bridge.client}/${token}`), amount }).sent)
    expect([withdraw(71n), withdraw(70n)]).toEqual(['ledger/23', '0'])
    expect(bridge.broken()).toEqual([])
  })
})
