import { describe, expect, it } from 'vitest'

import { createMetrics } from './metrics.ts'
import { serveMetrics } from './server.ts'

describe('the metrics server', () => {
  it('shows metrics, health, and readiness with its reasons', async () => {
    const metrics = createMetrics()
    const reasons: string[] = []
    const server = await serveMetrics({ host: '127.0.0.1', port: 0 }, metrics.registry, () => reasons)
    metrics.pending('ab', 'hub-1', { recv: 3, ack: 2, timeout: 1 })
    metrics.acknowledged('ab', 1.5)
    metrics.failed('ab', 'hub-1', 'gas')
    const text = await (await fetch(`${server.url}/metrics`)).text()
    expect(text).toContain('relayer_pending_messages{route="ab",chain="hub-1",kind="recv"} 3')
    expect(text).toContain('relayer_event_to_acknowledgement_seconds_bucket{le="2",route="ab"} 1')
    expect(text).toContain('relayer_failed_messages_total{route="ab",chain="hub-1",failure="gas"} 1')

    expect((await fetch(`${server.url}/ready`)).status).toBe(200)
    reasons.push('chain hub-1: halted')
    const unready = await fetch(`${server.url}/ready`)
    expect(unready.status).toBe(503)
    expect(await unready.json()).toEqual({ ready: false, reasons: ['chain hub-1: halted'] })
    expect((await fetch(`${server.url}/health`)).status).toBe(200)
    expect((await fetch(`${server.url}/else`)).status).toBe(404)

    const port = Number(new URL(server.url).port)
    await expect(serveMetrics({ host: '127.0.0.1', port }, metrics.registry, () => [])).rejects.toThrow(
      /EADDRINUSE/,
    )
    await server.close()
  })
})
