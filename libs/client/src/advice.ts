// What to do about the hub's refusals. The codes are docs/hub.md's; whatever is not named here has the
// sentence of its codespace.

/** What to do, and whether trying the same again can help. */
export interface Advice {
  readonly advice: string
  readonly retry: 'now' | 'later' | 'never'
}

const never = (advice: string): Advice => ({ advice, retry: 'never' })
const later = (advice: string): Advice => ({ advice, retry: 'later' })

const TABLE: Readonly<Record<string, Advice>> = {
  'tx/4': never('The signature does not fit: check the wallet, the chain id and the account.'),
  'tx/5': never('Deposit more of what the fee is paid in, or make it smaller.'),
  'tx/9': later('Deposit to this address first: that creates its account.'),
  'tx/11': never('It needs more gas than it was given: pass a higher gas limit.'),
  'tx/13': later('Wait a moment: 20 free orders a second, with 100 cash or more; else a fee is due.'),
  'tx/30': { advice: 'It came too late for a block: send it again.', retry: 'now' },
  'tx/32': never('Another transaction of this account came first: see what became of it, then send again.'),
  'tx/105': never('Session keys trade, for their time: use a wallet, or create the session anew.'),
  'tx/106': never('Set this machine’s clock right: nonces are the time in milliseconds, each used once.'),
  'tx/107': never('This wallet belongs to another account now: connect again so that its name is known.'),
  'accounts/2': never('The wallet names an account already; links don’t end.'),
  'accounts/5': never('Close its positions, orders, debts and withdrawals first.'),
  'accounts/7': never('Revoke a session key that is no longer used.'),
  'accounts/8': never('A session lasts from now on, 90 days at most.'),
  'ledger/5': never('Check the balance with causeway.portfolio(): this is more than it holds.'),
  'ledger/24': later('Use withdraw or redeem: beyond the hour’s window they wait in line.'),
  'risk/1': never('Initial margin would be below zero: trade less, cancel orders, or deposit more.'),
  'risk/2': later('A price that the account depends on is not fresh: wait for the oracle.'),
  'risk/3': later('Its underlying has no price yet: wait for the oracle.'),
  'risk/4': never('An isolated subaccount trades one underlying: use another subaccount.'),
  'cash/2': never('There is less cash than that, or a part was gained in the last minutes and is locked.'),
  'cash/20': never('Only tokens that the hub names convert: sell others on their spot market.'),
  'cash/21': later('Conversion is stopped while the token’s price or client is in doubt.'),
  'cash/23': later('The pool holds less of that token: redeem over another line.'),
  'markets/1': never('List what is traded with causeway.markets().'),
  'markets/2': later('The market is paused, settling or over.'),
  'markets/3': later('Only orders that reduce a position are taken now: set reduceOnly.'),
  'markets/4': never('Round the size to the market’s lot.'),
  'markets/5': never('Round the price to the market’s tick.'),
  'markets/7': never('A market order’s limit lies at most 5 % from the mark: bring it closer.'),
  'markets/9': never('The order is over: it was filled, cancelled or has expired (causeway.orders()).'),
  'markets/13': never('Market-maker protection froze the quotes: call trader.resetProtection().'),
  'markets/21': never('The quote is over: ask the maker for a new one.'),
  'markets/23': never('The quote was taken already: ask the maker for a new one.'),
  'markets/26': never('The price is too far from the mark.'),
  'markets/27': never('The owner’s cap in this market is reached.'),
  'markets/28': later('The market’s open interest is at its cap: only closing trades go.'),
  'markets/30': never('This takes a wallet, not a session key.'),
  'query/11': never('Ask for less: pages by key, without a total.'),
  'block/33': later('The mempool is crowded: send it again in a moment.'),
}

/** What to do about a refusal of the hub. */
export function adviceFor(codespace: string, code: number): Advice {
  const known = TABLE[`${codespace}/${code}`]
  return known ?? never(`Look ${codespace}/${code} up in docs/hub.md, “Codes”.`)
}
