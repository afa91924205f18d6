// Proposals that change limits, parameters and the status of markets, and their votes.
import { Content } from '@causeway/protocol/causeway/governance/v1/governance'
import { MsgSubmitProposal, MsgVote } from '@causeway/protocol/causeway/governance/v1/tx'
import { Underlying } from '@causeway/protocol/causeway/markets/v1/markets'
import { GOVERNANCE_STORE, STATUS, proposals } from '../modules/governance/state.ts'
import { LEDGER_STORE, lines } from '../modules/ledger/state.ts'
import { MARKETS_STORE, underlyings } from '../modules/markets/state.ts'
import type { Action } from './action.fixture.ts'
import { packed } from './action.fixture.ts'
import type { Scene } from './scene.fixture.ts'

/** Everything about votes. */
export const voteActions: readonly Action[] = [
  { kind: 'proposal', weight: 1.5, run: propose },
  { kind: 'vote', weight: 5, run: vote },
]

/** Every so many blocks two votes: one that lists by the calendar, and one that ends it soon after. */
const LISTING_EVERY = 400n
const LISTING_TITLE = 'Expiries'

/** Whether such a vote is on, or about to be. */
export function isListing(height: bigint): boolean {
  return height % LISTING_EVERY >= 18n && height % LISTING_EVERY < 45n
}

/** Proposes, and votes for, listing for a block or two. */
export function listNow(scene: Scene): void {
  const step = scene.driver.height % LISTING_EVERY
  const [first] = scene.operators
  if (step === 20n || step === 21n) {
    const changeParameter = { module: 'markets', name: 'automaticListing', value: step === 20n ? '1' : '0' }
    const contents = [changeParameter, ...(step === 20n ? windows(scene) : [])].map((change) =>
      Content.fromPartial({ changeParameter: change }),
    )
    const fields = { proposer: first!.address, title: LISTING_TITLE, summary: 'and strikes', contents }
    const message = packed('governance.v1.MsgSubmitProposal', MsgSubmitProposal, fields)
    scene.send('proposal', first!, [message], { gasLimit: 3_000_000n })
  }
  // At once: blocks of half a minute end a vote with the next one.
  if (step !== 21n && step !== 22n) return
  for (const { id, status: stands } of proposals(scene.state.store(GOVERNANCE_STORE)))
    for (const voter of stands === STATUS.voting ? scene.operators : []) {
      const fields = { voter: voter.address, proposalId: id, option: 1 }
      scene.send('vote', voter, [packed('governance.v1.MsgVote', MsgVote, fields)])
    }
}

/** Lines let so little out that redemptions wait. */
function windows(scene: Scene) {
  return [...lines(scene.state.store(LEDGER_STORE))].flatMap(({ id }) => [
    { module: 'ledger', name: `outflowFloorE6/${id}`, value: `${20_000n * 10n ** 6n}` },
    { module: 'ledger', name: `outflowBps/${id}`, value: '100' },
  ])
}

function propose(scene: Scene): void {
  const proposer = scene.random.chance(0.5) ? scene.ready(scene.random.pick(scene.operators)) : scene.actor()
  const contents = Array.from({ length: scene.random.pick([1, 1, 2]) }, () => content(scene))
  const message = packed('governance.v1.MsgSubmitProposal', MsgSubmitProposal, {
    proposer: proposer.address,
    title: 'Something else',
    summary: 'as it was',
    contents,
  })
  scene.send('proposal', proposer, [message], { gasLimit: 3_000_000n })
}

function content(scene: Scene): Content {
  const { random } = scene
  const choice = random.below(10)
  if (choice < 4) return Content.fromPartial({ setMarketStatus: status(scene) })
  if (choice < 9) return Content.fromPartial({ changeParameter: parameter(scene) })
  const [listed] = [...underlyings(scene.state.store(MARKETS_STORE))]
  const listUnderlying = Underlying.fromPartial({
    ...listed!,
    ownerCapE9: random.pick([0n, 300n * 10n ** 9n, 200n * 10n ** 9n]),
    tier: random.pick([1, 2, 4]),
  })
  return Content.fromPartial({ listUnderlying })
}

function status(scene: Scene) {
  const { random } = scene
  return {
    market: random.chance(0.95) ? scene.market().id : 2n ** 63n,
    // Mostly open: what is shut for good trades nothing any more.
    status: random.pick([1, 1, 1, 2, 3, 4]),
    seconds: random.pick([10n, 20n, 30n, 40_000_000n]),
  }
}

function parameter(scene: Scene) {
  const { random } = scene
  const [line] = [...lines(scene.state.store(LEDGER_STORE))]
  return random.pick([
    { module: 'markets', name: 'ordersMax', value: `${random.between(5, 60)}` },
    { module: 'markets', name: 'positionsMax', value: `${random.between(5, 40)}` },
    { module: 'markets', name: 'gainLockSeconds', value: `${random.pick([0, 60, 600])}` },
    { module: 'markets', name: 'settledMax', value: `${random.pick([1, 5, 2_000])}` },
    { module: 'markets', name: 'ordersMax', value: '0' },
    {
      module: 'ledger',
      name: `outflowFloorE6/${line!.id}`,
      value: `${random.pick([10n ** 10n, 10n ** 11n])}`,
    },
    { module: 'ledger', name: `outflowBps/${line!.id}`, value: `${random.pick([100, 2_000])}` },
    { module: 'ledger', name: `capE6/${line!.id}`, value: `${random.pick([0n, 10n ** 13n])}` },
    { module: 'risk', name: 'initialWeightBps/3', value: `${random.pick([8_000, 8_500])}` },
    { module: 'risk', name: 'initialWeightBps/3', value: '10001' },
    { module: 'cash', name: 'poolShareBps', value: `${random.pick([5_000, 10_000])}` },
    { module: 'cash', name: 'convertible/2', value: random.chance(0.8) ? '1' : '0' },
    { module: 'governance', name: 'votingSeconds', value: `${random.pick([10, 30, 60])}` },
    { module: 'staking', name: 'epochBlocks', value: `${random.pick([10, 25])}` },
    { module: 'nothing', name: 'nothing', value: '1' },
  ])
}

function vote(scene: Scene): void {
  const open = [...proposals(scene.state.store(GOVERNANCE_STORE))].filter(
    (proposal) => proposal.status === STATUS.voting && proposal.title !== LISTING_TITLE,
  )
  const proposalId = open.length === 0 ? BigInt(scene.random.between(1, 50)) : scene.random.pick(open).id
  const voters = scene.random.chance(0.9) ? scene.operators : [scene.actor()]
  for (const voter of voters) {
    scene.ready(voter)
    const option = scene.random.weighted([
      { option: 1, weight: 26 },
      { option: 2, weight: 2 },
      { option: 3, weight: 1 },
      { option: 4, weight: 1 },
      { option: 5, weight: 1 },
    ]).option
    const message = packed('governance.v1.MsgVote', MsgVote, { voter: voter.address, proposalId, option })
    scene.send('vote', voter, [message])
  }
}
