import { toHex } from '@causeway/primitives'
import type { AccountState, CollateralState, SubaccountState } from '../prove/read-portfolio.ts'
import type { Portfolio } from '../prove/portfolio-service.ts'
import type { ProvenValue } from '../prove/read-proven.ts'
import type { Line } from '../read/hub-rows.ts'
import type { Builder } from './builder.ts'
import { decimalText, haircutBps } from './formats.ts'
import type { addTransferType } from './transfer-type.ts'
import type { addLineType } from './hub-types.ts'

type Types = { transfer: ReturnType<typeof addTransferType>; line: ReturnType<typeof addLineType> }

const CASH_SCALE = 6
const PRICE_SCALE = 9

/** Adds `Portfolio` and what is in it. */
export function addPortfolioType(builder: Builder, { transfer, line }: Types) {
  const proof = addProofType(builder)
  const collateral = addCollateralType(builder, proof, line)
  const subaccount = builder
    .objectRef<SubaccountState & { lines: readonly Line[] }>('SubaccountState')
    .implement({
      description: 'One subaccount as the hub values it. Decimals are cash with 6 places.',
      fields: (t) => ({
        subaccount: t.exposeInt('subaccount', { description: '0 is the cross-margin account.' }),
        height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
        equity: t.field({ type: 'Decimal', resolve: ({ equityE6 }) => decimalText(equityE6, CASH_SCALE) }),
        initialMargin: t.field({
          type: 'Decimal',
          description:
            'What is left of the collateral after the initial requirement: a surplus, negative when short.',
          resolve: ({ initialMarginE6 }) => decimalText(initialMarginE6, CASH_SCALE),
        }),
        maintenanceMargin: t.field({
          type: 'Decimal',
          description: 'The same after the maintenance requirement; negative: to be liquidated.',
          resolve: ({ maintenanceMarginE6 }) => decimalText(maintenanceMarginE6, CASH_SCALE),
        }),
        collateral: t.field({
          type: [collateral],
          description: 'The most valuable assets first, at most 50.',
          resolve: ({ collateral: items, lines }) => items.map((item) => ({ ...item, lines })),
        }),
        assetCount: t.exposeInt('assetCount', { description: 'How many assets it holds in all.' }),
      }),
    })
  const account = builder.objectRef<AccountState & { lines: readonly Line[] }>('AccountState').implement({
    description: 'One hub account with the proof of its record (or of its absence).',
    fields: (t) => ({
      record: t.field({ type: proof, resolve: ({ record }) => record }),
      exists: t.boolean({ resolve: ({ record }) => record.value !== undefined }),
      subaccounts: t.field({
        type: [subaccount],
        resolve: ({ subaccounts, lines }) => subaccounts.map((state) => ({ ...state, lines })),
      }),
    }),
  })
  return builder.objectRef<Portfolio>('Portfolio').implement({
    description: 'Everything one owner has on the hub, and what is on its way.',
    fields: (t) => ({
      owner: t.exposeString('owner'),
      height: t.field({
        type: 'UInt64',
        description: 'The state after this hub block.',
        resolve: ({ height }) => height,
      }),
      equity: t.field({
        type: 'Decimal',
        description: 'Sum over the accounts: cash, 6 places.',
        resolve: ({ accounts }) => decimalText(totalEquity(accounts), CASH_SCALE),
      }),
      accounts: t.field({
        type: [account],
        resolve: ({ accounts, lines }) => accounts.map((state) => ({ ...state, lines })),
      }),
      inFlight: t.field({
        type: [transfer],
        description: 'Transfers neither acknowledged nor refunded, newest first, at most 100.',
        resolve: ({ inFlight }) => [...inFlight],
      }),
    }),
  })
}

function addProofType(builder: Builder) {
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
  return builder.objectRef<CollateralState & { lines: readonly Line[] }>('Collateral').implement({
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
        resolve: ({ asset, lines }) => lines.filter((item) => item.asset === asset),
      }),
      proof: t.field({ type: proof, resolve: (item) => item.proof }),
    }),
  })
}

function totalEquity(accounts: readonly AccountState[]): bigint {
  return accounts.flatMap(({ subaccounts }) => subaccounts).reduce((sum, { equityE6 }) => sum + equityE6, 0n)
}
