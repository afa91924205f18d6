import { Simulation } from './simulation.fixture.ts'
const s = new Simulation(1)
for (let i = 0; i < 20; i++) s.step()
const by = new Map<string, number>()
for (const m of s.scene.markets()) { const k = `${m.kind} ${m.expirySeconds === 0n ? '' : new Date(Number(m.expirySeconds)*1000).toISOString()}`; by.set(k, (by.get(k) ?? 0) + 1) }
console.log(by)
console.log(s.scene.markets().filter(m => m.kind==='option').slice(0,40).map(m=>m.symbol).join())
