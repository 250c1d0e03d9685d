// Sends a file with a progress bar, takes one that is dropped, and refuses one
// that is too large before it is sent. Without this script the form works as it is.
(() => {
  "use strict";

  function show(element, text) {
    element.hidden = text === "";
    element.querySelector("span") ? element.querySelector("span").textContent = text : element.textContent = text;
  }

  function furnish(form) {
    const input = form.querySelector("input[type=file]");
    const drop = form.querySelector(".drop");
    const fault = form.querySelector(".fault");
    const sent = form.querySelector(".sent");
    const bar = sent.querySelector("progress");
    const button = form.querySelector("button[type=submit]");

    // fits says of a file that is too large what the server would say of it.
    function fits() {
      const file = input.files[0];
      const tooLarge = file !== undefined && file.size > Number(form.dataset.most);
      show(fault, tooLarge ? form.dataset.tooLarge : "");
      if (tooLarge) fault.textContent = file.name + " · " + (file.size / 1048576).toFixed(1) + " MiB. " + form.dataset.tooLarge;
      button.disabled = tooLarge;
      return !tooLarge;
    }

    function fail(text) {
      show(sent, "");
      show(fault, text);
      button.disabled = false;
    }

    function send() {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        const percent = Math.floor(100 * event.loaded / event.total);
        bar.value = percent;
        show(sent, percent < 100 ? form.dataset.sending + percent + "%" : form.dataset.reading);
        if (percent === 100) bar.removeAttribute("value"); // how long the reading takes nobody knows
      });
      request.addEventListener("load", () => {
        if (request.status < 400) return location.assign(request.responseURL);
        const answer = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
        if (!answer) return fail(form.dataset.failed);
        document.querySelector("main").replaceWith(answer);
        answer.querySelectorAll("form.sending").forEach(furnish);
        answer.focus();
      });
      request.addEventListener("error", () => fail(form.dataset.failed));
      button.disabled = true;
      bar.value = 0;
      show(sent, form.dataset.sending + "0%");
      request.send(new FormData(form));
    }

    form.classList.add("can-drop");
    form.noValidate = true;
    input.addEventListener("change", fits);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.files.length === 0) return show(fault, form.dataset.empty);
      if (fits()) send();
    });
    for (const type of ["dragenter", "dragover"]) {
      drop.addEventListener(type, (event) => { event.preventDefault(); drop.classList.add("over"); });
    }
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      if (event.dataTransfer.files.length === 0) return;
      input.files = event.dataTransfer.files;
      fits();
      input.focus();
    });
  }

  document.querySelectorAll("form.sending").forEach(furnish);
})();
