import type { VaultResult, VaultState } from '../prove/hub-vault.ts'
import type { VaultHolding, VaultRequest, VaultWorth } from '../read/vault.ts'
import type { Builder } from './builder.ts'
import { cashText, cashTextOrNull, e9Text, secondsOrNull } from './decimals.ts'
import { decimalText } from './formats.ts'

const CASH = '6 places.'
const SHARE = 'Cash for 1.0 of the shares, 18 places.'
const MINUTE_NANOSECONDS = 60n * 1_000_000_000n

/** Adds the vault, its history, and what owners have in it. */
export function addVaultTypes(builder: Builder) {
  return {
    vault: addVaultType(builder),
    worth: addWorthType(builder),
    request: addRequestType(builder),
    holding: addHoldingType(builder),
  }
}

/** Types of the vault. */
export type VaultTypes = ReturnType<typeof addVaultTypes>

/** A worth of 1.0 of the shares in 10⁻¹⁸, as text. */
function shareText(valueE18: bigint): string {
  return decimalText(valueE18, 18)
}

function addVaultType(builder: Builder) {
  const result = addResultType(builder)
  return builder.objectRef<VaultState>('Vault').implement({
    description: "The protocol's liquidity vault: the hub's own query after block `height`.",
    fields: (t) => {
      const share = (pick: (row: VaultState) => bigint | null, description: string) =>
        t.field({
          type: 'Decimal',
          nullable: true,
          description,
          resolve: (row) => (pick(row) === null ? null : shareText(pick(row)!)),
        })
      return {
        height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
        account: t.exposeString('account', { description: 'Its fills and positions are listed as any.' }),
        status: t.exposeString('status', {
          description: '`quoting`, or why it does not: `off`, `loss`, `margin` or `prices`.',
        }),
        shares: t.field({
          type: 'Amount',
          description: 'Of all holders, 10⁻¹² each.',
          resolve: ({ shares }) => shares,
        }),
        worth: t.field({
          type: 'Decimal',
          nullable: true,
          description: CASH,
          resolve: ({ worthE6 }) => cashTextOrNull(worthE6),
        }),
        initialMargin: t.field({
          type: 'Decimal',
          nullable: true,
          description: CASH,
          resolve: ({ initialMarginE6 }) => cashTextOrNull(initialMarginE6),
        }),
        share: share(({ shareE18 }) => shareE18, SHARE),
        low: share(({ lowE18 }) => lowE18, 'The lowest within the delay: what withdrawals get.'),
        high: share(({ highE18 }) => highE18, 'The highest within the delay: what deposits pay.'),
        results: t.field({
          type: [result],
          description: 'By market; at most 1,000.',
          resolve: ({ results }) => [...results],
        }),
      }
    },
  })
}

function addResultType(builder: Builder) {
  return builder.objectRef<VaultResult>('VaultResult').implement({
    description: 'What the vault has made in a market, or in those of an underlying that are over.',
    fields: (t) => ({
      market: t.exposeString('symbol', { description: 'Symbol; of those that are over, of the underlying.' }),
      marketId: t.field({ type: 'UInt64', nullable: true, resolve: ({ market }) => market || null }),
      bought: t.field({ type: 'Decimal', description: '9 places.', resolve: (row) => e9Text(row.boughtE9) }),
      sold: t.field({ type: 'Decimal', description: '9 places.', resolve: (row) => e9Text(row.soldE9) }),
      size: t.field({
        type: 'Decimal',
        description: 'Held now, signed; 9 places.',
        resolve: (row) => e9Text(row.sizeE9),
      }),
      fees: t.field({ type: 'Decimal', description: CASH, resolve: (row) => cashText(row.feesE6) }),
      funding: t.field({ type: 'Decimal', description: CASH, resolve: (row) => cashText(row.fundingE6) }),
      profit: t.field({
        type: 'Decimal',
        nullable: true,
        description: `With what it holds at its mark; ${CASH}`,
        resolve: (row) => cashTextOrNull(row.profitE6),
      }),
      fillCount: t.field({ type: 'UInt64', resolve: ({ fills }) => fills }),
    }),
  })
}

function addWorthType(builder: Builder) {
  return builder.objectRef<VaultWorth>('VaultWorth').implement({
    description: 'What the vault and its shares were worth in a minute.',
    fields: (t) => ({
      start: t.field({ type: 'Time', resolve: ({ minute }) => minute * MINUTE_NANOSECONDS }),
      worth: t.field({ type: 'Decimal', description: CASH, resolve: (row) => cashText(row.worthE6) }),
      shares: t.field({ type: 'Amount', resolve: ({ shares }) => shares }),
      close: t.field({ type: 'Decimal', description: SHARE, resolve: (row) => shareText(row.closeE18) }),
      high: t.field({ type: 'Decimal', description: SHARE, resolve: (row) => shareText(row.highE18) }),
      low: t.field({ type: 'Decimal', description: SHARE, resolve: (row) => shareText(row.lowE18) }),
    }),
  })
}

function addRequestType(builder: Builder) {
  return builder.objectRef<VaultRequest>('VaultRequest').implement({
    description: 'A deposit into the vault, or a withdrawal, that waits or waited.',
    fields: (t) => ({
      id: t.field({ type: 'UInt64', resolve: ({ request }) => request }),
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      kind: t.exposeString('kind', { description: '`deposit` or `withdrawal`.' }),
      status: t.exposeString('status', { description: '`waiting`, `executed` or `returned`.' }),
      amount: t.field({
        type: 'Amount',
        description: 'Of a deposit micro-cash, of a withdrawal shares.',
        resolve: ({ amount }) => amount,
      }),
      rest: t.field({ type: 'Amount', description: 'What waits of it.', resolve: ({ rest }) => rest }),
      cash: t.field({
        type: 'Decimal',
        description: `Taken in, or paid out; ${CASH}`,
        resolve: (row) => cashText(row.cashE6),
      }),
      shares: t.field({ type: 'Amount', description: 'Made, or ended.', resolve: ({ shares }) => shares }),
      share: t.field({
        type: 'Decimal',
        nullable: true,
        description: `At its last execution: ${SHARE}`,
        resolve: ({ shareE18 }) => (shareE18 === null ? null : shareText(shareE18)),
      }),
      requested: t.field({
        type: 'Time',
        nullable: true,
        resolve: ({ requestedSeconds }) => secondsOrNull(requestedSeconds),
      }),
      height: t.field({
        type: 'UInt64',
        description: 'Of its last change.',
        resolve: ({ height }) => height,
      }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
}

function addHoldingType(builder: Builder) {
  return builder.objectRef<VaultHolding>('VaultHolding').implement({
    description: 'What a subaccount has of the vault, and what that cost.',
    fields: (t) => ({
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      shares: t.field({ type: 'Amount', resolve: ({ shares }) => shares }),
      waitingShares: t.field({
        type: 'Amount',
        description: 'In withdrawals that wait.',
        resolve: ({ waitingShares }) => waitingShares,
      }),
      deposited: t.field({ type: 'Decimal', description: CASH, resolve: (row) => cashText(row.depositedE6) }),
      withdrawn: t.field({ type: 'Decimal', description: CASH, resolve: (row) => cashText(row.withdrawnE6) }),
      worth: t.field({
        type: 'Decimal',
        nullable: true,
        description: `Of all its shares by the last minute; ${CASH}`,
        resolve: (row) => cashTextOrNull(row.worthE6),
      }),
      profit: t.field({
        type: 'Decimal',
        nullable: true,
        description: `Worth and withdrawn less deposited; ${CASH}`,
        resolve: ({ worthE6, withdrawnE6, depositedE6 }) =>
          cashTextOrNull(worthE6 === null ? null : worthE6 + withdrawnE6 - depositedE6),
      }),
    }),
  })
}
