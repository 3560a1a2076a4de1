// Shows how an import goes on without loading its page again and again.
const work = document.querySelector("[data-events]");
if (work && window.EventSource) {
  const events = new EventSource(work.dataset.events);
  events.addEventListener("progress", (event) => {
    const now = JSON.parse(event.data);
    const bar = work.querySelector("progress");
    work.querySelector("[role=status]").textContent = now.text;
    if (now.known) {
      bar.max = now.known;
      bar.value = now.done;
    } else {
      bar.removeAttribute("value");
    }
  });
  events.addEventListener("done", () => {
    events.close();
    location.reload();
  });
}
