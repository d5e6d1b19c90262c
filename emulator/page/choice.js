/* Who holds which phone: the usual choice, and the one remembered over a reload of the page. */

import { groupsOf, person, state } from "./state.js";

const grouped = (one) => groupsOf(one.id).length > 0;

/** The right phone is the staff's: there a group comes first. */
export function usualChat(side, who) {
  const groups = groupsOf(who);
  return side === "right" && groups.length ? groups[0].id : who;
}

export function usual(side) {
  const one = side === "left" ? state.people.find((each) => !grouped(each)) : (state.people.find(grouped) ?? state.people.at(-1));
  return one ? [one.id, usualChat(side, one.id)] : [null, null];
}

export function remember(side, who, chat) {
  try {
    sessionStorage.setItem(`phone-${side}`, JSON.stringify([who, chat]));
  } catch {
    // only the memory of the choice is lost
  }
}

/** The remembered choice, if those people and chats still are. */
export function recall(side) {
  try {
    const [who, chat] = JSON.parse(sessionStorage.getItem(`phone-${side}`)) ?? [];
    const there = person(who) && (chat === who || groupsOf(who).some((one) => one.id === chat));
    return there ? [who, chat] : null;
  } catch {
    return null;
  }
}
