import type { Account, Line, Price, Transaction } from '../read/hub-rows.ts'
import type { Client } from '../read/clients.ts'
import type { Builder } from './builder.ts'
import { addEcosystemTypes, ecosystemOf } from './ecosystems.ts'
import { decimalText } from './formats.ts'

/** Adds `Line`. */
export function addLineType(builder: Builder) {
  const { ecosystem, finality } = addEcosystemTypes(builder)
  return builder.objectRef<Line>('Line').implement({
    description: 'One token of one client: what the escrow on its chain holds for the hub.',
    fields: (t) => ({
      line: t.field({ type: 'UInt64', resolve: ({ line }) => line }),
      clientId: t.exposeString('clientId'),
      chainId: t.exposeString('chainId', {
        nullable: true,
        description: 'The chain that the client tracks.',
      }),
      ecosystem: t.field({
        type: ecosystem,
        nullable: true,
        resolve: ({ clientId }) => ecosystemOf(clientId)?.ecosystem,
      }),
      finality: t.field({
        type: finality,
        nullable: true,
        resolve: ({ clientId }) => ecosystemOf(clientId)?.finality,
      }),
      denom: t.exposeString('denom', { description: 'Full path, as the hub sees it.' }),
      asset: t.field({ type: 'UInt64', resolve: ({ asset }) => asset }),
      escrowed: t.field({ type: 'Amount', resolve: ({ escrowed }) => escrowed }),
      height: t.field({
        type: 'UInt64',
        description: 'Of its last change.',
        resolve: ({ height }) => height,
      }),
    }),
  })
}

/** Adds `Price`. */
export function addPriceType(builder: Builder) {
  return builder.objectRef<Price>('Price').implement({
    description: 'The last price that the hub decided for an asset.',
    fields: (t) => ({
      asset: t.field({ type: 'UInt64', resolve: ({ asset }) => asset }),
      denom: t.exposeString('denom', { nullable: true }),
      price: t.field({
        type: 'Decimal',
        description: 'USD per whole unit, 9 places.',
        resolve: ({ priceE9 }) => decimalText(priceE9, 9),
      }),
      time: t.field({ type: 'Time', resolve: ({ timeSeconds }) => timeSeconds * 1_000_000_000n }),
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
    }),
  })
}

/** Adds `Account`. */
export function addAccountType(builder: Builder) {
  return builder.objectRef<Account>('Account').implement({
    description: 'An account of the hub. Those of genesis appear with their first change.',
    fields: (t) => ({
      account: t.exposeString('account'),
      firstHeight: t.field({ type: 'UInt64', resolve: ({ firstHeight }) => firstHeight }),
      firstTime: t.field({ type: 'Time', resolve: ({ firstTimeNanoseconds }) => firstTimeNanoseconds }),
    }),
  })
}

/** Adds `Transaction`. */
export function addTransactionType(builder: Builder) {
  return builder.objectRef<Transaction>('Transaction').implement({
    description: 'A transaction that names an address.',
    fields: (t) => ({
      chainId: t.exposeString('chainId'),
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      position: t.exposeInt('position', { description: 'In its block, from 0.' }),
      hash: t.exposeString('hash', { description: 'Upper-case hex.' }),
      code: t.field({ type: 'UInt64', description: '0 when it succeeded.', resolve: ({ code }) => code }),
      codespace: t.exposeString('codespace'),
      gasUsed: t.field({ type: 'UInt64', resolve: ({ gasUsed }) => gasUsed }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
}

/** Adds `Client`. */
export function addClientType(builder: Builder) {
  return builder.objectRef<Client>('Client').implement({
    description: 'An IBC client on a followed chain, with its health.',
    fields: (t) => ({
      chainId: t.exposeString('chainId', { description: 'Where it lives.' }),
      clientId: t.exposeString('clientId'),
      clientType: t.exposeString('clientType'),
      trackedChainId: t.exposeString('trackedChainId', {
        nullable: true,
        description: 'What it says it tracks.',
      }),
      isGenuine: t.exposeBoolean('isGenuine', {
        nullable: true,
        description:
          'Whether its first consensus state is the verified block of that chain; null if it is not indexed.',
      }),
      frozen: t.exposeBoolean('frozen'),
      latestHeight: t.field({ type: 'UInt64', nullable: true, resolve: ({ latestHeight }) => latestHeight }),
      trustingPeriodSeconds: t.field({
        type: 'UInt64',
        nullable: true,
        resolve: ({ trustingPeriodSeconds }) => trustingPeriodSeconds,
      }),
      expires: t.field({
        type: 'Time',
        nullable: true,
        description: 'When it expires unless it is updated; null when the tracked block is not indexed.',
        resolve: ({ expiresNanoseconds }) => expiresNanoseconds,
      }),
      lastUpdateHeight: t.field({
        type: 'UInt64',
        nullable: true,
        resolve: ({ lastUpdateHeight }) => lastUpdateHeight,
      }),
      lastUpdateTransaction: t.exposeString('lastUpdateTransaction', { nullable: true }),
      lastUpdateTime: t.field({
        type: 'Time',
        nullable: true,
        resolve: ({ lastUpdateTimeNanoseconds }) => lastUpdateTimeNanoseconds,
      }),
      counterpartyClientId: t.exposeString('counterpartyClientId', { nullable: true }),
      counterpartyMerklePrefix: t.field({
        type: ['Hex'],
        resolve: ({ counterpartyMerklePrefix }) => [...counterpartyMerklePrefix],
      }),
    }),
  })
}
