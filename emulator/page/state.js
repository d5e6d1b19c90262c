/* Who and what there is: people, groups, the bot and the demo clock, kept fresh for everybody. */

import { api } from "./api.js";

export const state = { now: null, bot: null, people: [], groups: [], commands: [] };
const listeners = new Set();
let seenAt = 0;
let signature = "";

export const onState = (listener) => listeners.add(listener);

/** The demo's time now: the server's last word plus what has passed here since. */
export function demoNow() {
  return state.now === null ? null : new Date(state.now + performance.now() - seenAt);
}

export async function refresh() {
  const fresh = await api.state();
  seenAt = performance.now();
  state.now = Date.parse(fresh.now);
  const { now, offset, seq, ...rest } = fresh;
  const next = JSON.stringify(rest);
  if (next === signature) return;
  signature = next;
  Object.assign(state, { bot: null, people: [], groups: [], commands: [] }, rest);
  for (const listener of listeners) listener();
}

export const fullName = (person) => [person.first_name, person.last_name].filter(Boolean).join(isHan(person) ? "" : " ");
const isHan = (person) => /\p{Script=Han}/u.test(person.first_name ?? "");

export const groupsOf = (id) => state.groups.filter((group) => group.members.includes(id));
export const person = (id) => state.people.find((one) => one.id === id);
export const group = (id) => state.groups.find((one) => one.id === id);

const SURNAMES = [..."王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"];
const GIVEN = ["芳", "伟", "秀英", "敏", "静", "丽华", "强", "磊", "洋", "艳", "勇", "杰", "娟", "涛", "明", "国平", "桂兰", "志强"];
const FIRST = ["Anna", "Peter", "Maria", "John", "Sofia", "David", "Emma", "Lucas", "Nina", "Omar"];
const LAST = ["Brown", "Miller", "Novak", "Silva", "Khan", "Meyer", "Costa", "Olsen", "Rossi", "Dubois"];
const pick = (list) => list[Math.floor(Math.random() * list.length)];

/** A made-up name nobody on the page bears yet (after some tries, any made-up name will do). */
export function madeUpName(language) {
  let name = "";
  for (let i = 0; i < 30; i += 1) {
    name = language === "zh" ? pick(SURNAMES) + pick(GIVEN) : `${pick(FIRST)} ${pick(LAST)}`;
    if (!state.people.some((one) => fullName(one) === name)) break;
  }
  return name;
}
