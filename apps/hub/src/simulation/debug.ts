import { Simulation } from './simulation.fixture.ts'
import { addresses } from './scene.fixture.ts'
import { readPositions, MARKETS_STORE, readMarket } from '../modules/markets/state.ts'
const s = new Simulation(Number(process.argv[2] ?? 1))
const n = Number(process.argv[3] ?? 600)
let last = ''
try { for (let i = 0; i < n; i++) s.step(); console.log('fine') } catch (e) {
  console.log((e as Error).message.slice(0, 1500))
  const a = /cway1[a-z0-9]{38}/.exec((e as Error).message)?.[0]
  if (a) {
  const holder = { account: addresses.decode(a), subaccount: 0 }
  const p = s.scene.portfolio(holder)
  console.log(JSON.stringify(p, (_, v) => typeof v === 'bigint' ? `${v}` : v, 1))
  for (const q of readPositions(s.scene.state.store(MARKETS_STORE), holder)) console.log(readMarket(s.scene.state.store(MARKETS_STORE), q.market)!.symbol, q)
  }
}
