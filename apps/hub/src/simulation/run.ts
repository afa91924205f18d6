import { Simulation } from './simulation.fixture.ts'
const t0 = performance.now()
const s = new Simulation(Number(process.argv[2] ?? 1))
console.log('boot', performance.now() - t0, s.height)
const n = Number(process.argv[3] ?? 100)
let t = performance.now()
for (let i = 0; i < n; i++) { s.step(); if (i % 50 === 49) { console.log(s.height, ((performance.now() - t) / 50).toFixed(1), 'ms', s.scene.markets().length, new Date(Number(s.scene.timeSeconds) * 1000).toISOString()); t = performance.now() } }
console.log(s.coverage.report())
