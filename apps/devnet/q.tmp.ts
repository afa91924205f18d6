import { connect } from '@causeway/client'
const c = await connect({ rpc: 'http://127.0.0.1:26657' })
const ms = await c.markets()
console.log(ms.length, await c.prices())
const kinds: Record<string, number> = {}
for (const m of ms) kinds[m.underlying + m.kind + (m.expirySeconds ?? '')] = (kinds[m.underlying + m.kind + (m.expirySeconds ?? '')] ?? 0) + 1
console.log(kinds)
for (const a of ['cway1l9qrfng6ejgtadfr2mhxf7m7rk2gpg7pls6e29']) {
  const p = await c.portfolio(a)
  console.log(p.cash, p.initialMargin, p.initialMarginWithOrders, p.orders.map((o) => [o.market, o.side, o.limit, o.remaining].join(' ')))
}
