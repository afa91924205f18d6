import { pageOfClients } from '../read/clients.ts'
import { pageOfAccounts, pageOfLines, pageOfPrices, pageOfTransactions } from '../read/hub-rows.ts'
import { parseOwner } from '../read/owner.ts'
import { pageOfTransfers } from '../read/transfers.ts'
import type { Builder } from './builder.ts'
import type {
  addAccountType,
  addClientType,
  addLineType,
  addPriceType,
  addTransactionType,
} from './hub-types.ts'
import type { addMetaType } from './meta-type.ts'
import type { addPortfolioType } from './portfolio-type.ts'
import { OWNER, refuseBackward } from './paging.ts'
import { loadTransfer, type addTransferType } from './transfer-type.ts'

/** The types that queries answer with. */
export type QueryTypes = {
  transfer: ReturnType<typeof addTransferType>
  portfolio: ReturnType<typeof addPortfolioType>
  line: ReturnType<typeof addLineType>
  price: ReturnType<typeof addPriceType>
  account: ReturnType<typeof addAccountType>
  client: ReturnType<typeof addClientType>
  transaction: ReturnType<typeof addTransactionType>
  meta: ReturnType<typeof addMetaType>
}

/** Adds the query type. */
export function addQueries(builder: Builder, types: QueryTypes): void {
  builder.queryType({})
  addOwnerQueries(builder, types)
  addListQueries(builder, types)
}

function addOwnerQueries(builder: Builder, { transfer, portfolio, transaction, meta }: QueryTypes): void {
  builder.queryFields((t) => ({
    _meta: t.field({
      type: meta,
      description: 'How far the tables are. Answered at any lag.',
      resolve: (_root, _arguments, context) => context.meta(),
    }),
    portfolio: t.field({
      type: portfolio,
      nullable: true,
      description: 'Everything that one owner has; null when nothing is known of it. Balances are proven.',
      args: { owner: t.arg.string({ required: true, description: OWNER }) },
      resolve: async (_root, { owner }, context) => context.portfolios.portfolio(parseOwner(owner)),
    }),
    transfer: t.field({
      type: transfer,
      nullable: true,
      description: 'One transfer, by its id or by `sourceChain/sourceClient/destinationClient/sequence`.',
      args: { id: t.arg.id({ required: true }) },
      resolve: (_root, { id }, context) => loadTransfer(transferName(id), context),
    }),
    transfers: t.connection({
      type: transfer,
      description: 'Deposits and withdrawals with their timelines, newest first.',
      args: {
        owner: t.arg.string({ description: OWNER }),
        chainId: t.arg.string({ description: 'Only those from or to this chain.' }),
        unfinished: t.arg.boolean({ description: 'Only those neither acknowledged nor refunded.' }),
      },
      resolve: (_root, { owner, chainId, unfinished, ...page }, { database }) => {
        refuseBackward(page)
        const filter = {
          owner: owner === null || owner === undefined ? undefined : parseOwner(owner),
          chainId: chainId ?? undefined,
          unfinished: unfinished ?? undefined,
        }
        return pageOfTransfers(database, filter, page)
      },
    }),
    transactions: t.connection({
      type: transaction,
      description: 'Transactions of all chains that name an address, newest first.',
      args: { address: t.arg.string({ required: true }) },
      resolve: (_root, { address, ...page }, { database }) => {
        refuseBackward(page)
        const owner = parseOwner(address)
        return pageOfTransactions(database, owner.kind === 'account' ? owner.account : owner.text, page)
      },
    }),
  }))
}

function addListQueries(builder: Builder, { line, price, account, client }: QueryTypes): void {
  builder.queryFields((t) => ({
    clients: t.connection({
      type: client,
      description: 'IBC clients on the followed chains.',
      args: { chainId: t.arg.string(), clientId: t.arg.string() },
      resolve: (_root, { chainId, clientId, ...page }, { database }) => {
        refuseBackward(page)
        return pageOfClients(
          database,
          { chainId: chainId ?? undefined, clientId: clientId ?? undefined },
          page,
        )
      },
    }),
    accounts: t.connection({
      type: account,
      description: 'Accounts of the hub.',
      resolve: (_root, page, { database }) => {
        refuseBackward(page)
        return pageOfAccounts(database, page)
      },
    }),
    lines: t.connection({
      type: line,
      description: 'What the hub holds in escrow on each client.',
      resolve: (_root, page, { database, hubChainId }) => {
        refuseBackward(page)
        return pageOfLines(database, hubChainId, page)
      },
    }),
    prices: t.connection({
      type: price,
      description: 'The latest price of each asset.',
      resolve: (_root, page, { database }) => {
        refuseBackward(page)
        return pageOfPrices(database, page)
      },
    }),
  }))
}

/** A transfer's global id (base64 of `Transfer:key`) or its plain name. */
function transferName(id: string): string {
  const decoded = Buffer.from(id, 'base64').toString('utf8')
  return decoded.startsWith('Transfer:') ? decoded.slice('Transfer:'.length) : id
}
