import { toHex } from '@causeway/primitives'
import type {
  AccountState,
  CollateralState,
  PositionState,
  SubaccountState,
} from '../prove/read-portfolio.ts'
import type { Portfolio } from '../prove/portfolio-service.ts'
import { readLiquidationPrices } from '../prove/liquidation-prices.ts'
import type { ProvenValue } from '../prove/read-proven.ts'
import { walletsOf } from '../read/accounts-of.ts'
import { sessionKeysOf } from '../read/history.ts'
import type { Line } from '../read/hub-rows.ts'
import { flowsByLine, type LineFlow } from '../read/line-flows.ts'
import { pageOfOrders, type Position } from '../read/trading.ts'
import type { Builder } from './builder.ts'
import { addCollateralLineType } from './collateral-line-type.ts'
import { cashText } from './decimals.ts'
import { decimalText, haircutBps } from './formats.ts'
import { addLiquidationPriceType } from './liquidation-price-type.ts'
import type { MarginLevelType } from './health-types.ts'
import { addCashType, addGreeksType, addPortfolioPositionType } from './portfolio-trading.ts'
import type { addOrderType } from './trading-types.ts'
import type { addTransferType } from './transfer-type.ts'
import type { addLineType } from './hub-types.ts'

type Types = {
  transfer: ReturnType<typeof addTransferType>
  line: ReturnType<typeof addLineType>
  order: ReturnType<typeof addOrderType>
  level: MarginLevelType
}

const SUM = 'Sum over all subaccounts: cash, 6 places.'
const INITIAL =
  'What is left of the collateral after the initial requirement: a surplus, negative when short.'

const CASH_SCALE = 6
const PRICE_SCALE = 9

/** What the tables know about all accounts of a portfolio; flows are read when they are asked for. */
type Known = {
  readonly lines: readonly Line[]
  readonly indexed: readonly Position[]
  readonly flows: () => Promise<readonly LineFlow[]>
}

/** A subaccount with what the tables know about it. */
type Subaccount = SubaccountState & Known

/** Adds `Portfolio` and what is in it. */
export function addPortfolioType(builder: Builder, types: Types) {
  const { transfer, order } = types
  const proof = addProofType(builder)
  const subaccount = addSubaccountType(builder, proof, types)
  const account = addAccountStateType(builder, proof, subaccount)
  return builder.objectRef<Portfolio>('Portfolio').implement({
    description: 'Everything one owner has on the hub, and what is on its way.',
    fields: (t) => ({
      owner: t.exposeString('owner'),
      height: t.field({
        type: 'UInt64',
        description: 'The state after this hub block.',
        resolve: ({ height }) => height,
      }),
      equity: t.field({ type: 'Decimal', description: SUM, resolve: sumOf(({ equityE6 }) => equityE6) }),
      cash: t.field({ type: 'Decimal', description: SUM, resolve: sumOf(({ cash }) => cash.amountE6) }),
      initialRequirement: t.field({
        type: 'Decimal',
        description: `${SUM} What one account has does not cover another.`,
        resolve: sumOf(({ initialRequirementE6 }) => initialRequirementE6),
      }),
      maintenanceRequirement: t.field({
        type: 'Decimal',
        description: SUM,
        resolve: sumOf(({ maintenanceRequirementE6 }) => maintenanceRequirementE6),
      }),
      accounts: t.field({
        type: [account],
        resolve: ({ accounts, lines, indexed }, _arguments, { database, hubChainId }) => {
          const names = accounts.map(({ account }) => account)
          const flows = once(() => flowsByLine(database, hubChainId, names))
          return accounts.map((state) => ({ ...state, lines, indexed, flows }))
        },
      }),
      openOrders: t.field({
        type: [order],
        description: 'Newest first, at most 100; `orders` has them all.',
        resolve: async ({ owned }, _arguments, { database }) => {
          const { edges } = await pageOfOrders(database, { owned, status: 'open' }, { first: 100 })
          return edges.map(({ node }) => node)
        },
      }),
      inFlight: t.field({
        type: [transfer],
        description: 'Transfers neither acknowledged nor refunded, newest first, at most 100.',
        resolve: ({ inFlight }) => [...inFlight],
      }),
    }),
  })
}

function addAccountStateType(
  builder: Builder,
  proof: ReturnType<typeof addProofType>,
  subaccount: ReturnType<typeof addSubaccountType>,
) {
  type State = AccountState & Known
  return builder.objectRef<State>('AccountState').implement({
    description: 'One hub account with the proof of its record (or of its absence).',
    fields: (t) => ({
      account: t.exposeString('account'),
      wallets: t.field({
        type: ['String'],
        description: 'Wallets that were linked to it, beside its first: `cway1…`.',
        resolve: ({ account }, _arguments, { database }) => walletsOf(database, account),
      }),
      sessionKeys: t.field({
        type: ['Hex'],
        description: 'That were created and not revoked; some may have expired.',
        resolve: ({ account }, _arguments, { database }) => sessionKeysOf(database, account),
      }),
      record: t.field({ type: proof, resolve: ({ record }) => record }),
      exists: t.boolean({ resolve: ({ record }) => record.value !== undefined }),
      subaccounts: t.field({
        type: [subaccount],
        resolve: ({ subaccounts, lines, indexed, flows }) =>
          subaccounts.map((state) => ({ ...state, lines, indexed, flows })),
      }),
    }),
  })
}

function addSubaccountType(builder: Builder, proof: ReturnType<typeof addProofType>, { line, level }: Types) {
  const subaccount = declareSubaccount(builder)
  addMarginFields(builder, subaccount, level)
  addHoldingFields(builder, subaccount, proof, addCollateralType(builder, proof, line))
  addRiskFields(builder, subaccount, proof)
  return subaccount
}

function declareSubaccount(builder: Builder) {
  return builder.objectRef<Subaccount>('SubaccountState').implement({
    description: 'One subaccount as the hub values it. Decimals are cash with 6 places.',
  })
}

/** What it is worth, what it must keep, and what it may do. */
function addMarginFields(
  builder: Builder,
  subaccount: ReturnType<typeof declareSubaccount>,
  level: MarginLevelType,
): void {
  const decimal = (pick: (state: Subaccount) => bigint, description: string) =>
    ({ type: 'Decimal', description, resolve: (state: Subaccount) => cashText(pick(state)) }) as const
  builder.objectFields(subaccount, (t) => ({
    subaccount: t.exposeInt('subaccount', { description: '0 is the cross-margin account.' }),
    height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
    equity: t.field(decimal(({ equityE6 }) => equityE6, 'Collateral, cash and positions, before haircuts.')),
    cash: t.field(decimal((state) => state.cash.amountE6, 'Signed, interest included; proven.')),
    initialMargin: t.field(decimal((state) => state.initialMarginE6, INITIAL)),
    initialMarginWithOrders: t.field(
      decimal((state) => state.initialMarginWithOrdersE6, 'The same with every open order counted.'),
    ),
    maintenanceMargin: t.field(
      decimal(
        (state) => state.maintenanceMarginE6,
        'The same after the maintenance requirement; negative: to be liquidated.',
      ),
    ),
    initialRequirement: t.field(decimal((state) => state.initialRequirementE6, 'Of all positions.')),
    maintenanceRequirement: t.field(decimal((state) => state.maintenanceRequirementE6, 'Of all positions.')),
    pendingCredit: t.field(
      decimal((state) => state.pendingCreditE6, 'What deposits that are not final count.'),
    ),
    mode: t.exposeString('mode', {
      description: '`free`, or `reduceOnly` while a price that it depends on is not fresh.',
    }),
    isIsolated: t.exposeBoolean('isIsolated'),
    level: t.field({
      type: level,
      description: "As the last block's end found it.",
      resolve: (state) => state.level as 'healthy',
    }),
    isBelowMaintenance: t.exposeBoolean('isBelowMaintenance', {
      description: "As the last block's end found it.",
    }),
  }))
}

/** Its cash and its assets. */
function addHoldingFields(
  builder: Builder,
  subaccount: ReturnType<typeof declareSubaccount>,
  proof: ReturnType<typeof addProofType>,
  collateral: ReturnType<typeof addCollateralType>,
): void {
  const cash = addCashType(builder, proof)
  builder.objectFields(subaccount, (t) => ({
    cashState: t.field({
      type: cash,
      description: 'The same, with proof.',
      resolve: (state) => state.cash,
    }),
    collateral: t.field({
      type: [collateral],
      description: 'The most valuable assets first, at most 50.',
      resolve: ({ collateral: items, ...holder }) => items.map((item) => ({ ...item, holder })),
    }),
    assetCount: t.exposeInt('assetCount', { description: 'How many assets it holds in all.' }),
  }))
}

/** Its positions, and what they do when prices move. */
function addRiskFields(
  builder: Builder,
  subaccount: ReturnType<typeof declareSubaccount>,
  proof: ReturnType<typeof addProofType>,
): void {
  const greeks = addGreeksType(builder)
  const position = addPortfolioPositionType(builder, greeks)
  builder.objectFields(subaccount, (t) => ({
    positions: t.field({
      type: [position],
      resolve: (state) => state.positions.map((row) => ({ ...row, state, indexed: indexedOf(state, row) })),
    }),
    positionsProof: t.field({
      type: proof,
      description: 'Of all positions: 48 bytes each, market, size, quote, funding index.',
      resolve: (state) => state.positionsProof,
    }),
    greeks: t.field({
      type: greeks,
      resolve: async (state, _arguments, { portfolios }) => (await portfolios.explained(state)).account,
    }),
    greeksByUnderlying: t.field({
      type: [greeks],
      resolve: async (state, _arguments, { portfolios }) => [
        ...(await portfolios.explained(state)).underlyings,
      ],
    }),
    liquidationPrices: t.field({
      type: [addLiquidationPriceType(builder)],
      description: 'Of each underlying that it depends on; nothing where it has more than 24 positions.',
      resolve: async ({ account, subaccount }, _arguments, { portfolios }) => [
        ...(await portfolios.asked(`distance ${account}/${subaccount}`, (rpc, height) =>
          readLiquidationPrices(rpc, { account, subaccount }, height),
        )),
      ],
    }),
    explanation: t.string({
      description: "JSON of libs/margin's explanation: requirements by scenario, position and contingency.",
      resolve: async (state, _arguments, { portfolios }) => (await portfolios.explained(state)).explanation,
    }),
  }))
}

/** Adds `ProvenValue`. */
export function addProofType(builder: Builder) {
  return builder.objectRef<ProvenValue>('ProvenValue').implement({
    description:
      'A key of the hub state with the ICS-23 proofs under which it was read; verified before it is served.',
    fields: (t) => ({
      height: t.field({
        type: 'UInt64',
        description: 'The state after this block.',
        resolve: ({ height }) => height,
      }),
      appHash: t.field({
        type: 'Hex',
        description: 'In the header of the block after `height`.',
        resolve: ({ appHash }) => toHex(appHash),
      }),
      store: t.exposeString('storeName'),
      key: t.field({ type: 'Hex', resolve: ({ key }) => toHex(key) }),
      value: t.field({
        type: 'Hex',
        nullable: true,
        description: 'Null: the proof is of absence.',
        resolve: ({ value }) => (value === undefined ? null : toHex(value)),
      }),
      proofs: t.field({
        type: ['Hex'],
        description: 'Protobuf `CommitmentProof`s: the IAVL tree of the store, then the multi-store.',
        resolve: ({ proofs }) => proofs.map((bytes) => toHex(bytes)),
      }),
    }),
  })
}

function addCollateralType(builder: Builder, proof: ReturnType<typeof addProofType>, line: Types['line']) {
  const cash = (pick: (item: CollateralState) => bigint, description: string) =>
    ({
      type: 'Decimal',
      description,
      resolve: (item: CollateralState) => decimalText(pick(item), CASH_SCALE),
    }) as const
  type Item = CollateralState & { holder: Omit<Subaccount, 'collateral'> }
  const byLine = addCollateralLineType(builder, line)
  return builder.objectRef<Item>('Collateral').implement({
    description: 'One asset of a subaccount.',
    fields: (t) => ({
      asset: t.field({ type: 'UInt64', resolve: ({ asset }) => asset }),
      denom: t.exposeString('denom'),
      decimals: t.exposeInt('decimals', { description: 'Places of one whole unit.' }),
      amount: t.field({ type: 'Amount', description: 'Proven by `proof`.', resolve: ({ amount }) => amount }),
      price: t.field({
        type: 'Decimal',
        nullable: true,
        description: 'USD per whole unit, 9 places; null without a usable price.',
        resolve: ({ priceE9 }) => (priceE9 === 0n ? null : decimalText(priceE9, PRICE_SCALE)),
      }),
      priceStatus: t.exposeString('priceStatus', { description: '`fresh`, `stale`, `held` or `none`.' }),
      value: t.field(cash(({ valueE6 }) => valueE6, 'At the price, before haircuts; 6 places.')),
      initialValue: t.field(
        cash(({ initialValueE6 }) => initialValueE6, 'After the initial haircut; 6 places.'),
      ),
      maintenanceValue: t.field(
        cash(({ maintenanceValueE6 }) => maintenanceValueE6, 'After the maintenance haircut; 6 places.'),
      ),
      haircutBps: t.int({
        nullable: true,
        description: 'The initial haircut in basis points; null when the asset has no value.',
        resolve: ({ valueE6, initialValueE6 }) => haircutBps(valueE6, initialValueE6),
      }),
      lines: t.field({
        type: [line],
        description: 'The lines that back the asset: on which chains its escrow lies.',
        resolve: ({ asset, holder }) => holder.lines.filter((item) => item.asset === asset),
      }),
      byLine: t.field({
        type: [byLine],
        description: 'What this subaccount moved over each of them; nothing of a line that it did not use.',
        resolve: ({ asset, holder }) => flowsOf(asset, holder),
      }),
      proof: t.field({ type: proof, resolve: (item) => item.proof }),
    }),
  })
}

async function flowsOf(asset: bigint, { account, subaccount, lines, flows }: Omit<Subaccount, 'collateral'>) {
  const own = (await flows()).filter(
    (flow) => flow.asset === asset && flow.account === account && flow.subaccount === subaccount,
  )
  return own.flatMap((flow) => {
    const backing = lines.find((item) => item.line === flow.line)
    return backing === undefined ? [] : [{ ...flow, backing }]
  })
}

function once<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  return () => (running ??= run())
}

function sumOf(pick: (state: SubaccountState) => bigint): (portfolio: Portfolio) => string {
  return ({ accounts }) =>
    cashText(accounts.flatMap(({ subaccounts }) => subaccounts).reduce((sum, state) => sum + pick(state), 0n))
}

function indexedOf({ indexed, account, subaccount }: Subaccount, { market }: PositionState) {
  return indexed.find(
    (row) => row.account === account && row.subaccount === subaccount && row.market === market,
  )
}
