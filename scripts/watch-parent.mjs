const LOOK_MS = 1000

/** Calls back once when the process that started this one is gone. Gives what ends the watch. */
export function watchParent(parent, onGone) {
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    onGone()
  }, LOOK_MS)
  watch.unref()
  return () => clearInterval(watch)
}
