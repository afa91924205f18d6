// What votes do with clients of Solana: tokens listed over them, dead ones that go on; and replicas with
// another implementation of the lattice hash.
import { createWasmLatticeXof, nobleLatticeXof } from '@causeway/light-clients'
import { SUCCESS_ACKNOWLEDGEMENT, voucherOf } from '@causeway/messaging'
import { toHex } from '@causeway/primitives'
import { Content } from '@causeway/protocol/causeway/governance/v1/governance'
import { QueryProposalRequest, QueryProposalResponse } from '@causeway/protocol/causeway/governance/v1/query'
import { describe, expect, it } from 'vitest'
import { codeOf } from './testing/refusal.fixture.ts'
import { SolanaBridge } from './testing/solana-bridge.fixture.ts'
import { SolanaChain, THERE } from './testing/solana-chain.fixture.ts'
import { operators, solanaHub } from './testing/solana-hub.fixture.ts'
import { stakeMessage } from './testing/staked-hub.fixture.ts'

/** Voted for and executed; gives the failure, or what the proposal was refused with. */
function decider(bridge: SolanaBridge) {
  const voters = operators()
  let proposalId = 0n
  return (content: Content): string => {
    const [proposer] = voters
    const submit = stakeMessage('governance.v1.MsgSubmitProposal', {
      proposer: proposer!.address,
      title: 'Solana',
      summary: 'as told',
      contents: [content],
    })
    const proposed = codeOf(bridge.evm.deliver(proposer!, [submit]))
    if (proposed !== '0') return proposed
    proposalId++
    for (const wallet of voters.slice(0, 3)) {
      const option = { voter: wallet.address, proposalId, option: 1 }
      const ballot = stakeMessage('governance.v1.MsgVote', option)
      expect(codeOf(bridge.evm.deliver(wallet, [ballot]))).toBe('0')
    }
    bridge.driver.block(20n)
    bridge.driver.block(10n)
    bridge.driver.block()
    const data = QueryProposalRequest.encode({ id: proposalId }).finish()
    const { value } = bridge.driver.query('/causeway.governance.v1.Query/Proposal', data)
    return QueryProposalResponse.decode(value).proposal!.failure
  }
}

describe('a token is listed by a vote', () => {
  const setUp = () => {
    const bridge = new SolanaBridge()
    const line = bridge.mint()
    const states = bridge.chain.clientStates()
    const clientId = bridge.open(bridge.evm.stranger, states)
    const listing = (changes: object = {}) =>
      Content.fromPartial({
        listLine: {
          clientId,
          chainId: bridge.chain.chainId,
          contract: bridge.chain.core.toBase58(),
          counterpartyClientId: THERE,
          counterpartyMerklePrefix: [new Uint8Array(0)],
          base: line.mint.toBase58(),
          asset: 'usd',
          decimals: 6,
          ...states,
          consensusHeight: { revisionNumber: 0n, revisionHeight: bridge.chain.head.slot },
          ...changes,
        },
      })
    return { bridge, clientId, line, listing, decide: decider(bridge) }
  }

  it('on the client that voters were told about, wherever that has got to', () => {
    const { bridge, clientId, line, listing, decide } = setUp()
    const named = listing()
    expect(codeOf(bridge.update(bridge.chain.header(bridge.slot()), clientId))).toBe('0')
    expect(decide(named)).toBe('')
    expect(bridge.evm.line(line.mint.toBase58(), clientId)).toMatchObject({ listed: true, asset: 2n })
    expect(bridge.evm.broken()).toEqual([])
  })

  it('on no other program, cluster, recorder, root account, counterparty or period', () => {
    const { bridge, listing, decide } = setUp()
    const key = bridge.chain.vault.toBytes()
    const named = (change: object) => listing({ clientState: bridge.chain.clientStates(change).clientState })
    for (const change of [
      { ibcProgram: key },
      { rootAccount: key },
      { recorderProgram: key },
      { recorderAccount: key },
      { genesisHash: key },
      { trustingPeriod: { seconds: 9n, nanos: 0 } },
      { hardForks: [{ slot: 7n, count: 1n }] },
    ])
      expect([change, decide(named(change))]).toEqual([change, 'governance/34'])
    const seven = toHex(key).slice(0, 32)
    expect(decide(listing({ chainId: `solana:${seven}` }))).toBe('governance/34')
    expect(decide(listing({ contract: bridge.chain.vault.toBase58() }))).toBe('governance/34')
    expect(decide(listing({ counterpartyClientId: 'client-1' }))).toBe('governance/34')
    expect(decide(listing({ counterpartyMerklePrefix: [Uint8Array.of(1)] }))).toBe('governance/34')
    expect(decide(listing({ clientId: bridge.client }))).toBe('')
  })

  it('on no client that began with other voters, though all that it stores of the slot is right', () => {
    const { bridge, listing, decide } = setUp()
    const { stranger } = bridge.evm
    const invented = new SolanaChain({ stakes: [99n] })
    const epochStakes = invented.cluster.stakesBytes(0n)
    const clientId = bridge.open(stranger, bridge.chain.clientStates({}, { epochStakes }))
    expect(decide(listing({ clientId }))).toBe('governance/34')
    // Nor when it is led to the slot that is named from another one.
    const { head } = bridge.chain
    const consensusHeight = { revisionNumber: 0n, revisionHeight: bridge.slot().slot }
    const states = bridge.chain.clientStates()
    const late = bridge.open(stranger, bridge.chain.clientStates({}, {}, head))
    expect(codeOf(bridge.update(bridge.chain.header(bridge.chain.head), late))).toBe('0')
    expect(decide(listing({ clientId: late, ...states, consensusHeight }))).toBe('governance/34')
  })
})

describe('listings of genesis', () => {
  it('are not a stranger’s, nor of a client that looks at another root account, program or cluster', () => {
    const bridge = new SolanaBridge({ isOpen: false })
    const { relayer } = bridge
    const key = bridge.chain.vault.toBytes()
    const listed = (clientId: string) => bridge.linesOf(clientId).length
    expect(listed(bridge.open(bridge.evm.stranger))).toBe(0)
    for (const change of [{ rootAccount: key }, { ibcProgram: key }, { genesisHash: key }])
      expect(listed(bridge.open(relayer, bridge.chain.clientStates(change)))).toBe(0)
    const otherEnd = bridge.create(relayer)
    expect([codeOf(bridge.register(relayer, otherEnd, 'client-1')), listed(otherEnd)]).toEqual(['0', 0])
    expect(listed(bridge.open(relayer))).toBe(2)
    expect(listed(bridge.open(relayer))).toBe(0)
  })
})

describe('a client that is frozen', () => {
  it('goes on by a vote for a substitute, with its packets and lines', async () => {
    const bridge = new SolanaBridge()
    bridge.credit(1_000n)
    const recipient = bridge.openWallet()
    const denom = voucherOf(bridge.path())
    const { packet } = bridge.withdraw({ denom, amount: 400n, receiver: recipient.toBase58() })
    const bank = bridge.slot()
    const fork = bridge.chain.fork(bank, bridge.chain.recorded(1n))
    expect(codeOf(bridge.update(bridge.chain.misbehaviour(bank, fork)))).toBe('0')
    expect(codeOf(bridge.update(bridge.chain.header(bank)))).toBe('ibc/61')
    const decide = decider(bridge)
    const recover = (substituteClientId: string) =>
      Content.fromPartial({ recoverClient: { clientId: bridge.client, substituteClientId } })
    const key = bridge.chain.vault.toBytes()
    const otherwise = bridge.create(bridge.evm.stranger, bridge.chain.clientStates({ rootAccount: key }))
    expect(decide(recover(otherwise))).toBe('solana/15')
    const substitute = bridge.create(bridge.evm.stranger)
    expect(decide(recover(substitute))).toBe('')
    expect((await bridge.relay(packet!, recipient)).error).toBe(undefined)
    expect(codeOf(bridge.acknowledge(packet!, SUCCESS_ACKNOWLEDGEMENT))).toBe('0')
    expect(bridge.line()).toMatchObject({ escrowed: '600', inFlight: '0' })
    bridge.credit(5n)
    expect(bridge.evm.broken()).toEqual([])
  })
})

describe('replicas', () => {
  it('agree, whatever computes their lattice hash', async () => {
    const wasm = await createWasmLatticeXof()
    const bridge = new SolanaBridge({ latticeXof: wasm })
    bridge.credit(500n)
    bridge.update(bridge.chain.header(bridge.slot(), { voters: [3] }))
    const bank = bridge.slot()
    bridge.update(bridge.chain.header(bridge.chain.fork(bank, bridge.chain.recorded(1n)), { votedFor: bank }))
    bridge.timeOut(bridge.withdraw({ denom: 'ucway', amount: 7n, receiver: bridge.payer.toBase58() }).packet!)
    const replica = solanaHub(bridge.chain, bridge.usdc.mint, { latticeXof: nobleLatticeXof })
    for (const request of bridge.driver.requests.slice(replica.driver.requests.length)) {
      replica.hub.finalizeBlock(request)
      replica.hub.commit()
    }
    const hash = ({ hub }: SolanaBridge['evm']) => toHex(hub.info().lastBlockAppHash)
    expect(hash(replica)).toBe(hash(bridge.evm))
    // What was refused was refused for the same reasons.
    const codes = bridge.driver.responses.flatMap(({ txResults }) => txResults.map(codeOf))
    expect(codes).toEqual(expect.arrayContaining(['0', 'solana/27', 'solana/42', 'ibc/84']))
  })
})
