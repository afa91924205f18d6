/** Looks that come round at an interval, for watchers and for whoever waits for the next. */
export interface Poll {
  watch(onWake: () => void): { close(): void }
  /** Resolves at the next look, or after the given time. */
  next(waitMsMax: number): Promise<void>
}

/** Wakes every `pollMs` while somebody watches. */
export function watchPolled(pollMs: number): Poll {
  const waiting = new Set<() => void>()
  return {
    watch(onWake) {
      const timer = setInterval(() => {
        for (const tell of [...waiting]) tell()
        onWake()
      }, pollMs)
      return { close: () => clearInterval(timer) }
    },
    async next(waitMsMax) {
      await new Promise<void>((resolve) => {
        const finish = () => {
          clearTimeout(timer)
          waiting.delete(finish)
          resolve()
        }
        const timer = setTimeout(finish, Math.min(waitMsMax, pollMs))
        waiting.add(finish)
      })
    },
  }
}
