/* The page's own words. What the bot says is the bot's business and comes in its own language. */

const zh = {
  title: "民声 · 演示", lang: "English", langLabel: "Switch the page to English",
  left: "市民", right: "工作人员", who: "身份", private: "私聊", group: "群",
  addCitizen: "新市民", inGroup: "群成员", bot: "机器人", members: "{n} 位成员",
  typing: "正在输入…", noBot: "等待机器人连接…", offline: "连接中断，正在重连…",
  nobody: "还没有人。点「新市民」加一位。", start: "开始", startHint: "点「开始」，和机器人说第一句话",
  emptyGroup: "群里还没有消息", write: "输入消息…", send: "发送", attach: "添加附件", commands: "命令",
  keyboard: "显示或收起按钮键盘", edited: "已编辑", reply: "回复", cancel: "取消", ok: "好", newMessages: "新消息",
  photo: "图片", document: "文件", video: "视频", voice: "语音", audio: "音频", animation: "动图",
  location: "位置", contact: "联系人", sticker: "贴纸", remove: "移除",
  forwarded: "转发自 {name}", pinned: "{name} 置顶了一条消息", joined: "{name} 加入了群", leftChat: "{name} 离开了群",
  created: "群已创建", titled: "群名改为「{name}」", unsupported: "（此类消息无法显示）", deleted: "消息已不在",
  unavailable: "演示中不可用的按钮", copied: "已复制", messages: "消息", unread: "有未读消息",
  askCitizen: "加一位新市民", name: "姓名", citizenLang: "界面语言", add: "加入",
  askContact: "发送联系人", phone: "手机号码", askLocation: "发送位置", latitude: "纬度", longitude: "经度",
  askSticker: "选一个贴纸", preset: "预设：杭州", clockTitle: "演示时钟（北京时间）",
  h1: "+1 小时", d1: "+1 天", d7: "+7 天", d30: "+30 天", clockBy: "把时钟拨快",
  how: "怎么玩", close: "关闭", log: "日志", logEmpty: "还没有接口调用",
  step1: "左边：市民点「开始」，提交一件信访事项", step2: "右边：工作人员在群里受理、回复",
  step3: "把时钟拨快一天，再给办理结果打分", failed: "没有成功：{why}", image: "查看图片",
};

const en = {
  title: "Minsheng · demo", lang: "中文", langLabel: "把页面切换为中文",
  left: "Citizen", right: "Staff", who: "Who", private: "Private", group: "Group",
  addCitizen: "Add a citizen", inGroup: "in a group", bot: "bot", members: "{n} members",
  typing: "typing…", noBot: "Waiting for the bot…", offline: "Connection lost, reconnecting…",
  nobody: "Nobody here yet. Press “Add a citizen”.", start: "START", startHint: "Press START to say hello to the bot",
  emptyGroup: "No messages in this group yet", write: "Message…", send: "Send", attach: "Attach", commands: "Commands",
  keyboard: "Show or hide the button keyboard", edited: "edited", reply: "Reply", cancel: "Cancel", ok: "OK", newMessages: "New messages",
  photo: "Photos", document: "File", video: "Video", voice: "Voice", audio: "Audio", animation: "Animation",
  location: "Location", contact: "Contact", sticker: "Sticker", remove: "Remove",
  forwarded: "Forwarded from {name}", pinned: "{name} pinned a message", joined: "{name} joined", leftChat: "{name} left",
  created: "Group created", titled: "Group renamed “{name}”", unsupported: "(This kind of message cannot be shown)", deleted: "The message is gone",
  unavailable: "This button does not work in the demo", copied: "Copied", messages: "Messages", unread: "unread messages",
  askCitizen: "Add a new citizen", name: "Name", citizenLang: "Interface language", add: "Add",
  askContact: "Send a contact", phone: "Phone number", askLocation: "Send a location", latitude: "Latitude", longitude: "Longitude",
  askSticker: "Pick a sticker", preset: "Preset: Hangzhou", clockTitle: "Demo clock (Beijing time)",
  h1: "+1 hour", d1: "+1 day", d7: "+7 days", d30: "+30 days", clockBy: "Move the clock ahead",
  how: "Guide", close: "Close", log: "Log", logEmpty: "No calls yet",
  step1: "Left: the citizen presses START and files a petition", step2: "Right: staff accept it in the group and reply",
  step3: "Move the clock a day ahead, then rate the result", failed: "That did not work: {why}", image: "View the picture",
};

const tables = { zh, en };
const ATTRIBUTES = { tLabel: "aria-label", tTitle: "title", tPlaceholder: "placeholder" };

function stored() {
  try {
    return localStorage.getItem("language");
  } catch {
    return null; // storage may be forbidden; the page must work all the same
  }
}

export let language = tables[stored()] ? stored() : navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";

export function t(key, values = {}) {
  const text = tables[language][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Fill in the words of every element under `root` that carries a word's key. */
export function translate(root) {
  const all = [root, ...root.querySelectorAll("*")];
  for (const element of all) {
    const data = element.dataset;
    if (!data) continue;
    if (data.t) element.textContent = t(data.t);
    for (const [key, attribute] of Object.entries(ATTRIBUTES)) if (data[key]) element.setAttribute(attribute, t(data[key]));
  }
}

export function setLanguage(next) {
  language = next;
  try {
    localStorage.setItem("language", next);
  } catch {
    // only the memory of the choice is lost
  }
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
  document.title = t("title");
  translate(document.body);
  document.dispatchEvent(new Event("language"));
}
