// <ul class="tab-list" data-tabs><li><a href="#panel">…</a></li></ul> followed by <section class="tab-panel" id="panel">…
// become tabs. Inside <div class="panes"> they do so only below 1024 px; from there on the panes stand beside each other.

const wide = window.matchMedia("(min-width: 1024px)");

const start = (list) => {
  const box = list.parentElement;
  const links = [...list.querySelectorAll("a[href^='#']")];
  const panels = links.map((link) => document.getElementById(link.hash.slice(1)));
  if (panels.some((panel) => !panel)) return;
  const isPanes = box.matches(".panes");
  let shown = Math.max(0, panels.findIndex((panel) => panel.querySelector(".field-invalid, .error-summary")));

  const draw = () => {
    const on = !(isPanes && wide.matches);
    box.toggleAttribute("data-tabs-ready", on);
    on ? list.setAttribute("role", "tablist") : list.removeAttribute("role");
    links.forEach((link, index) => {
      const panel = panels[index];
      panel.hidden = on && index !== shown;
      const item = link.parentElement;
      on ? item.setAttribute("role", "presentation") : item.removeAttribute("role");
      if (on) {
        link.id ||= `tab-${panel.id}`;
        link.setAttribute("role", "tab");
        link.setAttribute("aria-controls", panel.id);
        link.setAttribute("aria-selected", String(index === shown));
        link.tabIndex = index === shown ? 0 : -1;
        panel.setAttribute("role", "tabpanel");
        panel.setAttribute("aria-labelledby", link.id);
      } else {
        for (const name of ["role", "aria-controls", "aria-selected", "tabindex"]) link.removeAttribute(name);
        panel.removeAttribute("role");
        panel.removeAttribute("aria-labelledby");
      }
    });
  };
  const show = (index, focus) => { shown = (index + links.length) % links.length; draw(); if (focus) links[shown].focus(); };

  links.forEach((link, index) => link.addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); show(index); }));
  panels.forEach((panel, index) => panel.addEventListener("reveal", (event) => { event.stopPropagation(); show(index); }));
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step && box.matches("[data-tabs-ready]")) { event.preventDefault(); show(shown + step, true); }
    if (event.key === "Home") { event.preventDefault(); show(0, true); }
    if (event.key === "End") { event.preventDefault(); show(links.length - 1, true); }
  });
  if (isPanes) wide.addEventListener("change", draw);
  draw();
};

const begin = () => {
  for (const list of document.querySelectorAll("[data-tabs]:not([data-begun])")) { list.dataset.begun = ""; start(list); }
};
document.addEventListener("htmx:load", begin);
begin();
