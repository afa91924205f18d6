import type { Fund, InsuranceState, Queue, QueuePlace, Rank } from '../prove/hub-losses.ts'
import {
  LISTED_MAX,
  type Bankruptcy,
  type DeficitCharge,
  type Deleveraging,
  type FundFlows,
  type InsuranceFlow,
  type SocialisedLoss,
} from '../read/losses.ts'
import type { LineSolvency } from '../read/solvency.ts'
import type { Builder } from './builder.ts'
import { cashText, cashTextOrNull, e9Text, secondsOrNull } from './decimals.ts'
import { decimalText } from './formats.ts'

const CASH = '6 places.'
const GROUP = 'The least underlying of the group; null: the common fund.'
const RANK_SCALE = 6

/** What insurance has by the hub, and what its funds took in and paid by the tables. */
export type Insurance = InsuranceState & { readonly flows: readonly FundFlows[] }

/** Adds insurance and who bears what it can't. */
export function addLossTypes(builder: Builder) {
  const deleveraging = addDeleveragingType(builder)
  return {
    insurance: addInsuranceType(builder),
    flow: addFlowType(builder),
    bankruptcy: addBankruptcyType(builder, deleveraging),
    deleveraging,
    loss: addSocialisedType(builder),
    ...addQueueTypes(builder),
    solvency: addSolvencyType(builder),
  }
}

/** Types of losses. */
export type LossTypes = ReturnType<typeof addLossTypes>

function addInsuranceType(builder: Builder) {
  const fund = addFundType(builder)
  const deficit = builder.objectRef<InsuranceState['deficits'][number]>('Deficit').implement({
    description: 'A live account that is worth less than nothing.',
    fields: (t) => ({
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      deficit: t.field({ type: 'Decimal', description: CASH, resolve: (row) => cashText(row.deficitE6) }),
    }),
  })
  return builder.objectRef<Insurance>('Insurance').implement({
    description: "What insurance has and what live accounts lack: the hub's own query after block `height`.",
    fields: (t) => ({
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      available: t.field({
        type: 'Decimal',
        description: `Of all funds; ${CASH}`,
        resolve: ({ availableE6 }) => cashText(availableE6),
      }),
      deficit: t.field({
        type: 'Decimal',
        description: `Of all live accounts that are worth less than nothing; ${CASH}`,
        resolve: ({ deficitE6 }) => cashText(deficitE6),
      }),
      isPaused: t.exposeBoolean('isPaused', {
        description: 'Redemption and transfers out wait: deficits exceed insurance.',
      }),
      pausedSince: t.field({
        type: 'Time',
        nullable: true,
        resolve: ({ sinceSeconds }) => secondsOrNull(sinceSeconds),
      }),
      pausedUntil: t.field({
        type: 'Time',
        nullable: true,
        description: 'At the latest.',
        resolve: ({ untilSeconds }) => secondsOrNull(untilSeconds),
      }),
      funds: t.field({
        type: [fund],
        description: 'The common one first.',
        resolve: ({ funds, flows }) =>
          funds.map((row) => ({ ...row, flows: flows.find(({ group }) => group === row.group) })),
      }),
      deficits: t.field({
        type: [deficit],
        description: 'By account; at most 1,000.',
        resolve: ({ deficits }) => [...deficits],
      }),
    }),
  })
}

function addFundType(builder: Builder) {
  return builder.objectRef<Fund & { readonly flows: FundFlows | undefined }>('InsuranceFund').implement({
    description: 'The fund of a group of markets, or the common one.',
    fields: (t) => ({
      group: t.field({
        type: 'UInt64',
        nullable: true,
        description: GROUP,
        resolve: ({ group }) => group || null,
      }),
      underlyings: t.field({
        type: ['UInt64'],
        description: 'Of the group, that trade now.',
        resolve: ({ underlyings }) => [...underlyings],
      }),
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      cash: t.field({ type: 'Decimal', description: CASH, resolve: ({ cashE6 }) => cashText(cashE6) }),
      received: t.field({
        type: 'Decimal',
        description: `Fees of liquidations; by events, ${CASH}`,
        resolve: ({ flows }) => cashText(flows?.receivedE6 ?? 0n),
      }),
      paid: t.field({
        type: 'Decimal',
        description: `Towards deficits and bids; by events, ${CASH}`,
        resolve: ({ flows }) => cashText(flows?.paidE6 ?? 0n),
      }),
    }),
  })
}

function addFlowType(builder: Builder) {
  return builder.objectRef<InsuranceFlow>('InsuranceFlow').implement({
    description: 'A fund took in from an account, or paid to it.',
    fields: (t) => ({
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      group: t.field({
        type: 'UInt64',
        nullable: true,
        description: GROUP,
        resolve: ({ group }) => group || null,
      }),
      reason: t.exposeString('reason'),
      amount: t.field({
        type: 'Decimal',
        description: `Into the fund, below 0 out of it; ${CASH}`,
        resolve: ({ amountE6 }) => cashText(amountE6),
      }),
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
}

function addChargeType(builder: Builder) {
  return builder.objectRef<DeficitCharge>('DeficitCharge').implement({
    description: 'What a group of markets was charged for a bankrupt account, and who paid.',
    fields: (t) => {
      const cash = (pick: (row: DeficitCharge) => bigint, description: string) =>
        t.field({ type: 'Decimal', description, resolve: (row) => cashText(pick(row)) })
      return {
        group: t.field({
          type: 'UInt64',
          nullable: true,
          description: GROUP,
          resolve: ({ group }) => group || null,
        }),
        amount: cash(({ amountE6 }) => amountE6, CASH),
        own: cash(({ ownE6 }) => ownE6, `Paid by the group's own fund; ${CASH}`),
        common: cash(({ commonE6 }) => commonE6, `Paid by the common fund; ${CASH}`),
        left: cash(({ leftE6 }) => leftE6, `Left to deleveraging; ${CASH}`),
      }
    },
  })
}

function addDeleveragingType(builder: Builder) {
  return builder.objectRef<Deleveraging>('Deleveraging').implement({
    description: 'A position that was closed against a bankrupt account.',
    fields: (t) => ({
      account: t.exposeString('account', { description: 'Whose position.' }),
      subaccount: t.exposeInt('subaccount'),
      market: t.exposeString('symbol', { nullable: true, description: 'Symbol.' }),
      marketId: t.field({ type: 'UInt64', resolve: ({ market }) => market }),
      ofAccount: t.exposeString('ofAccount', { description: 'Bankrupt.' }),
      ofSubaccount: t.exposeInt('ofSubaccount'),
      size: t.field({ type: 'Decimal', description: '9 places.', resolve: ({ sizeE9 }) => e9Text(sizeE9) }),
      loss: t.field({
        type: 'Decimal',
        description: `Against the mark; ${CASH}`,
        resolve: ({ lossE6 }) => cashText(lossE6),
      }),
      place: t.exposeInt('place', { description: 'In the queue when it was ranked; 1 is closed first.' }),
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
}

function addBankruptcyType(builder: Builder, deleveraging: ReturnType<typeof addDeleveragingType>) {
  const charge = addChargeType(builder)
  return builder.objectRef<Bankruptcy>('Bankruptcy').implement({
    description: 'An account worth less than nothing that was resolved, and who bore what it lacked.',
    fields: (t) => {
      const cash = (pick: (row: Bankruptcy) => bigint, description: string) =>
        t.field({ type: 'Decimal', description, resolve: (row) => cashText(pick(row)) })
      return {
        account: t.exposeString('account'),
        subaccount: t.exposeInt('subaccount'),
        deficit: cash(({ deficitE6 }) => deficitE6, CASH),
        insured: cash(({ insuredE6 }) => insuredE6, `Paid by funds; ${CASH}`),
        deleveraged: cash(({ deleveragedE6 }) => deleveragedE6, `Borne by the other side; ${CASH}`),
        socialised: cash(({ socialisedE6 }) => socialisedE6, `Borne by all positive cash; ${CASH}`),
        charges: t.field({
          type: [charge],
          description: `By group, at most ${LISTED_MAX}.`,
          resolve: async (row) => [...(await row.charges())],
        }),
        deleveragings: t.field({
          type: [deleveraging],
          description: `In the order of the queues, at most ${LISTED_MAX}.`,
          resolve: async (row) => [...(await row.deleveragings())],
        }),
        height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
        time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
      }
    },
  })
}

function addSocialisedType(builder: Builder) {
  return builder.objectRef<SocialisedLoss>('SocialisedLoss').implement({
    description: "What all positive cash bore, in proportion: an account's debt, or what a line had lost.",
    fields: (t) => ({
      amount: t.field({ type: 'Decimal', description: CASH, resolve: ({ amountE6 }) => cashText(amountE6) }),
      account: t.exposeString('account', { nullable: true, description: 'Whose debt.' }),
      subaccount: t.exposeInt('subaccount', { nullable: true }),
      line: t.field({
        type: 'UInt64',
        nullable: true,
        description: 'That had lost; its loss was written off by a vote.',
        resolve: ({ line }) => line,
      }),
      denom: t.exposeString('denom', { nullable: true, description: "Of the line's asset." }),
      lost: t.field({
        type: 'Amount',
        nullable: true,
        description: 'What the line lost in all.',
        resolve: ({ lost }) => lost,
      }),
      insured: t.field({
        type: 'Amount',
        nullable: true,
        description: "Of that, insurance's own tokens.",
        resolve: ({ insured }) => insured,
      }),
      insuredCash: t.field({
        type: 'Decimal',
        nullable: true,
        description: `What insurance paid in cash; ${CASH}`,
        resolve: ({ insuredE6 }) => cashTextOrNull(insuredE6),
      }),
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
}

function rankText({ rankE6 }: QueuePlace): string | null {
  return rankE6 === null ? null : decimalText(rankE6, RANK_SCALE)
}

function addQueueTypes(builder: Builder) {
  const RANK = 'Unrealised profit by initial requirement, times notional by equity; null: worth nothing.'
  const place = builder.objectRef<QueuePlace>('DeleveragePlace').implement({
    description: 'A place in the queue of deleveraging.',
    fields: (t) => ({
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      place: t.exposeInt('place', { description: '1 is closed first.' }),
      size: t.field({ type: 'Decimal', description: '9 places.', resolve: ({ sizeE9 }) => e9Text(sizeE9) }),
      rank: t.field({ type: 'Decimal', nullable: true, description: RANK, resolve: rankText }),
    }),
  })
  const queue = builder.objectRef<Queue>('DeleverageQueue').implement({
    description: "Who of one side of a market is closed first: the hub's own query after block `height`.",
    fields: (t) => ({
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      count: t.exposeInt('count', { description: 'How many stand in it.' }),
      places: t.field({ type: [place], resolve: ({ places }) => [...places] }),
    }),
  })
  const rank = builder.objectRef<Rank & { readonly symbol: string | null }>('DeleverageRank').implement({
    description: "Where a position stands in its queue: the hub's own query.",
    fields: (t) => ({
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      market: t.exposeString('symbol', { nullable: true, description: 'Symbol.' }),
      marketId: t.field({ type: 'UInt64', resolve: ({ market }) => market }),
      size: t.field({ type: 'Decimal', description: '9 places.', resolve: ({ sizeE9 }) => e9Text(sizeE9) }),
      place: t.exposeInt('place', { description: '1 is closed first.' }),
      count: t.exposeInt('count', { description: 'How many stand in the queue.' }),
      rank: t.field({ type: 'Decimal', nullable: true, description: RANK, resolve: rankText }),
    }),
  })
  return { queue, rank }
}

function addSolvencyType(builder: Builder) {
  return builder.objectRef<LineSolvency>('LineSolvency').implement({
    description: "What the hub owes by a line, and what its escrow holds by the other chain's events.",
    fields: (t) => ({
      line: t.field({ type: 'UInt64', resolve: ({ line }) => line }),
      chainId: t.exposeString('chainId', { nullable: true }),
      clientId: t.exposeString('clientId'),
      isFrozen: t.exposeBoolean('isFrozen', { nullable: true, description: 'Whether the client is.' }),
      denom: t.exposeString('denom'),
      asset: t.field({ type: 'UInt64', resolve: ({ asset }) => asset }),
      owed: t.field({
        type: 'Amount',
        description: "By the hub's own books.",
        resolve: ({ owed }) => owed,
      }),
      escrow: t.field({
        type: 'Amount',
        nullable: true,
        description:
          'Sent and not given back, less what was taken out; null unless that chain was read whole.',
        resolve: ({ escrow }) => escrow,
      }),
      incoming: t.field({
        type: 'Amount',
        description: 'In escrow and not credited yet.',
        resolve: ({ incoming }) => incoming,
      }),
      outgoing: t.field({
        type: 'Amount',
        description: 'Debited and still in escrow.',
        resolve: ({ outgoing }) => outgoing,
      }),
      difference: t.field({
        type: 'Amount',
        nullable: true,
        description: 'Escrow less owed, incoming and outgoing: 0, or one side has what the other never gave.',
        resolve: ({ escrow, owed, incoming, outgoing }) =>
          escrow === null ? null : escrow - owed - incoming - outgoing,
      }),
      writtenOff: t.field({
        type: 'Amount',
        description: 'Lost, and taken out of the books by votes.',
        resolve: ({ writtenOff }) => writtenOff,
      }),
      height: t.field({
        type: 'UInt64',
        description: 'Of its last change on the hub.',
        resolve: ({ height }) => height,
      }),
    }),
  })
}
