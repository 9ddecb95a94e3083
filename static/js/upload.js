// <form data-upload data-upload-shows="id"> (ui/upload.html): files chosen or dropped are sent at once, one after the other, each in a request of its own
// with «Accept: application/json» and its progress shown; any 2xx means stored; 4xx {"error": text} says why not (or a page whose .field-error does).
// After each stored file the element with the id data-upload-shows is taken from the page as the server now draws it.
// 400 {"error": "token", "token": …}: an old token: taken over, the file sent again at once; 401: signed out, which is said with what to do.
// What was typed elsewhere on the page is never touched; without JavaScript the form's own button sends the files.

const send = (form, input, file, item) => new Promise((resolve) => {
  const bar = item.querySelector("progress");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) { bar.max = event.total; bar.value = event.loaded; } });
  request.addEventListener("loadend", () => resolve(request));
  const body = new FormData();
  for (const field of form.querySelectorAll("input[type='hidden']")) body.append(field.name, field.value);
  body.append(input.name, file);
  request.send(body);
});

const told = (request) => {
  try { return JSON.parse(request.responseText); } catch { return {}; } // not JSON: a page
};

const sendWithToken = async (form, input, file, item) => {
  const request = await send(form, input, file, item);
  const token = request.status === 400 && told(request).token;
  if (!token) return request;
  for (const field of document.querySelectorAll("input[name='csrf_token']")) field.value = token;
  return send(form, input, file, item);
};

const reason = (request) => {
  const said = told(request).error;
  if (typeof said === "string" && said.includes(" ")) return said;
  const page = new DOMParser().parseFromString(request.responseText || "", "text/html");
  return page.querySelector(".field-error span, .callout-error p")?.textContent.trim() || "";
};

const redraw = async (id) => {
  const shown = id && document.getElementById(id);
  if (!shown) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  if (fresh) { shown.replaceWith(fresh); window.htmx?.process(fresh); }
};

const start = (form) => {
  const input = form.querySelector("input[type='file']");
  const list = form.querySelector("[data-upload-list]");
  const button = form.querySelector("button:not([type='button'])");
  if (!input || !list) return;
  let queue = Promise.resolve(), waiting = 0;
  if (button) button.hidden = true;

  const one = async (file, item) => {
    const say = (word) => { item.querySelector(".file-name").textContent = form.dataset[word].replace("{name}", file.name); };
    say("wordSending");
    const request = await sendWithToken(form, input, file, item);
    item.querySelector("progress").remove();
    if (request.status >= 200 && request.status < 300) {
      say("wordDone");
      await redraw(form.dataset.uploadShows).catch(() => {});
      if (form.dataset.uploadShows) item.remove();
    } else {
      item.classList.add("upload-failed");
      const isSignedOut = request.status === 401, why = isSignedOut ? "" : reason(request);
      say(isSignedOut ? "wordSignedOut" : "wordFailed");
      if (why) item.querySelector(".file-name").textContent = `${file.name}: ${why}`;
    }
    waiting -= 1;
    list.hidden = !list.children.length;
  };

  const add = (files) => {
    for (const item of list.querySelectorAll(".upload-failed")) item.remove();
    for (const file of files) {
      const item = document.createElement("li");
      item.className = "file";
      const name = document.createElement("span");
      name.className = "file-name";
      name.textContent = file.name;
      const bar = document.createElement("progress");
      bar.className = "upload-progress";
      bar.setAttribute("aria-label", file.name);
      item.append(name, bar);
      list.append(item);
      waiting += 1;
      queue = queue.then(() => one(file, item));
    }
    list.hidden = !list.children.length;
    input.value = "";
  };

  list.setAttribute("aria-live", "polite");
  input.addEventListener("change", () => add([...input.files]));
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.dataset.over = ""; });
  form.addEventListener("dragleave", () => { delete form.dataset.over; });
  form.addEventListener("drop", (event) => { event.preventDefault(); delete form.dataset.over; add([...event.dataTransfer.files]); });
  window.addEventListener("beforeunload", (event) => { if (waiting) event.preventDefault(); });
};

document.querySelectorAll("form[data-upload]").forEach(start);
