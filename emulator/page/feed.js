/*
 * One phone's stream of events. The browser's own reconnecting would ask again from the very
 * first number; here a lost stream is closed, the phone is filled anew, and a fresh stream starts
 * from the number that came with the filling. So a restarted server heals by itself.
 */

import { api } from "./api.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 4000;

export class Feed {
  /** `onEvent(event)`; `onLost()` when the stream broke; `refill()` gets everything anew. */
  constructor({ onEvent, onLost, refill }) {
    Object.assign(this, { onEvent, onLost, refill });
    this.source = null;
    this.timer = null;
    this.wait = FIRST_WAIT;
  }

  follow(viewer, after) {
    this.stop();
    const source = api.events(viewer, after);
    this.source = source;
    source.addEventListener("open", () => {
      this.wait = FIRST_WAIT;
    });
    source.addEventListener("message", ({ data }) => {
      if (this.source === source) this.onEvent(JSON.parse(data));
    });
    source.addEventListener("error", () => {
      if (this.source === source) this.lost();
    });
  }

  lost() {
    this.stop();
    this.onLost();
    this.timer = setTimeout(() => this.refill().catch(() => this.lost()), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  stop() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }
}
