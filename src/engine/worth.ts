/** Look-ups over which a memory's use is judged, and for how many it is then left alone. */
const WINDOW = 4096
const PAUSE = 32_768

/**
 * Judges whether a memory is worth its look-ups. Traffic that never asks the same thing twice would pay for reading and
 * writing a table that helps nobody; after a window with few hits the memory is left alone for a while, then tried again.
 */
export class Worth {
  #looks = 0
  #hits = 0
  #pause = 0

  /** Whether to look now. To be asked once per look-up. */
  isOn(): boolean {
    if (this.#pause > 0) {
      this.#pause--
      return false
    }
    if (++this.#looks === WINDOW) {
      if (this.#hits < WINDOW / 8) this.#pause = PAUSE
      this.#looks = 0
      this.#hits = 0
    }
    return true
  }

  /** Whether the memory is left alone, so that nothing need be written to it. */
  get isPaused(): boolean {
    return this.#pause > 0
  }

  hit(): void {
    this.#hits++
  }
}
