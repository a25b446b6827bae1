// What makes the static pages pleasant. Every page works without it.

// A form is sent once: the buttons are disabled as soon as one was pressed. Later than the event itself, because a disabled
// button would not be part of what is sent.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }

  form.dataset.sent = "true";
  setTimeout(() => buttons(form).forEach((button) => (button.disabled = true)));

  // If no answer comes, the person may try again; the server sends no second code within the cooldown.
  setTimeout(() => release(form), 15000);
});

// Back from the next page, or from a page that did not load.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    document.querySelectorAll("form").forEach(release);
  }
});

function release(form) {
  if (form.dataset.sent) {
    delete form.dataset.sent;
    buttons(form).forEach((button) => (button.disabled = false));
  }
}

function buttons(form) {
  return form.querySelectorAll("button[type=submit]");
}

// Times in the reader's own time zone, those that come in later too.
const FORMS = {
  minutes: { hour: "2-digit", minute: "2-digit" },
  seconds: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  day: { weekday: "short", day: "numeric" },
  moment: { dateStyle: "medium", timeStyle: "medium" },
};
localise();
new MutationObserver(localise).observe(document.body, { childList: true, subtree: true });

function localise() {
  document.querySelectorAll("time[data-local]").forEach((time) => {
    const form = FORMS[time.dataset.local];
    time.removeAttribute("data-local");
    time.textContent = new Intl.DateTimeFormat([], form).format(new Date(time.dateTime));
  });
}

// A moment is typed in the reader's own time zone too, and sent in UTC, which is what the page asks for without this script.
document.querySelectorAll("input[data-utc]").forEach((input) => {
  if (input.value) {
    const moment = new Date(`${input.value}Z`);
    input.value = new Date(moment - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  }

  document.querySelector(`label[for="${input.id}"] [data-zone]`).textContent = "(your time)";
  input.form.addEventListener("formdata", (event) => {
    if (input.value) {
      event.formData.set(input.name, new Date(input.value).toISOString().slice(0, 16));
    }
  });
});

// In a chart, the arrow keys go from bar to bar; Tab goes in and out. Escape puts away what is said of a bar.
document.addEventListener("keydown", (event) => {
  const bar = event.target.closest("[data-bar]");
  if (!bar) {
    return;
  }

  if (event.key === "Escape") {
    bar.blur();
    return;
  }

  const bars = [...bar.parentNode.querySelectorAll("[data-bar]")];
  const at = bars.indexOf(bar);
  const next = bars[{ ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: bars.length - 1 }[event.key]];
  if (next) {
    event.preventDefault();
    bars.forEach((other) => other.setAttribute("tabindex", other === next ? 0 : -1));
    next.focus();
  }
});

// The server was started anew and does not know this page's connection any more: what is live is loaded again.
const connection = document.getElementById("components-reconnect-modal");
if (connection && document.querySelector("[data-live]")) {
  new MutationObserver(() => {
    if (connection.classList.contains("components-reconnect-rejected")) {
      location.reload();
    }
  }).observe(connection, { attributeFilter: ["class"] });
}

// The keyboard goes to the first thing that is wrong.
document.querySelector("[aria-invalid=true]")?.focus();

// The resend button is free when the cooldown is over, whatever became of the connection that counts it down.
const resend = document.querySelector("button[data-wait]");
if (resend && resend.dataset.wait > 0) {
  resend.disabled = true;
  const form = resend.form;
  setTimeout(() => buttons(form).forEach((button) => (button.disabled = false)), resend.dataset.wait * 1000);
}

// The development inbox: copying, and new messages without a reload by hand.
document.querySelectorAll("[data-copy]").forEach((button) => {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  });
});

const inbox = document.getElementById("inbox");
if (inbox) {
  // Who has opened or closed something is reading.
  let reading = false;
  inbox.addEventListener("click", (event) => (reading ||= event.target.closest("summary") !== null));
  setInterval(async () => {
    const answer = reading ? null : await fetch("/dev/inbox/messages").catch(() => null);
    if (answer?.ok && newest(await answer.json()) !== inbox.dataset.newest && !reading) {
      location.reload();
    }
  }, 2000);
}

function newest(messages) {
  return messages.length === 0 ? "" : `${messages.length} ${Date.parse(messages[0].sentAt)}`;
}
