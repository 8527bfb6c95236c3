import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { Interaction } from "@web/public/interaction";

/** As many as the server takes. */
const MOST_ROWS = 60;

/** Shows what a customer's own terms would come to, as he chooses them. The server computes; this only asks it. */
export class ArrangementTerms extends Interaction {
    static selector = ".o_collections_terms";
    dynamicContent = {
        _root: { "t-att-data-rhythm": () => this.rhythm },
        "select[name=rhythm]": { "t-on-change": () => this.chooseRhythm() },
        "input[name=count], input[name=start]": { "t-on-input": this.debounced(() => this.ask(), 300) },
        ".o_collections_own": { "t-on-input": this.debounced(() => this.ask(), 500) },
        ".o_collections_own_add": { "t-on-click": () => this.addRow() },
        ".o_collections_own_remove": { "t-on-click": (event) => this.removeRow(event.currentTarget) },
    };

    setup() {
        this.keepLast = new KeepLast();
    }

    start() {
        // Something may have been chosen before this script was there.
        const { rhythm, count, start } = this.el.elements;
        const isChosenAnew = ![...rhythm.options].find((option) => option.selected)?.defaultSelected;
        if (isChosenAnew || [count, start].some((input) => input.value !== input.defaultValue)) {
            return this.chooseRhythm();
        }
    }

    get rhythm() {
        return this.el.elements.rhythm.value;
    }

    /** @returns {Object} what the customer wishes, as typed */
    get wish() {
        return {
            rhythm: this.rhythm,
            count: this.el.elements.count.value,
            start: this.el.elements.start.value,
            lines: this.rows.map((row) => [...row.querySelectorAll("input")].map((input) => input.value)),
        };
    }

    get rows() {
        return [...this.el.querySelectorAll(".o_collections_own_row")];
    }

    async chooseRhythm() {
        if (this.rhythm === "own" && this.plannedRows) {
            this.fillRows(this.plannedRows);
        }
        await this.ask();
    }

    /** Start from what stood there: a customer changes a day or two rather than type all of them. */
    fillRows(planned) {
        while (this.rows.length < planned.length) {
            this.addRow();
        }
        this.rows.forEach((row, place) => {
            const [day, amount] = row.querySelectorAll("input");
            [day.value, amount.value] = planned[place] || ["", ""];
        });
    }

    removeRow(button) {
        const row = button.closest(".o_collections_own_row");
        if (this.rows.length > 1) {
            row.remove();
        } else {
            row.querySelectorAll("input").forEach((input) => (input.value = ""));
        }
        return this.ask();
    }

    addRow() {
        if (this.rows.length >= MOST_ROWS) {
            return;
        }
        const last = this.rows.at(-1);
        const row = last.cloneNode(true);
        row.querySelectorAll("input").forEach((input) => (input.value = ""));
        last.after(row);
    }

    async ask() {
        const answer = await this.waitFor(this.keepLast.add(rpc(this.el.dataset.plan, this.wish)));
        this.protectSyncAfterAsync(() => this.show(answer))();
    }

    show({ html, rows, problem }) {
        const words = this.el.querySelector(".o_collections_preview_problem");
        words.textContent = problem || "";
        words.classList.toggle("d-none", !problem);
        this.el.querySelector("button[type=submit]").disabled = Boolean(problem);
        const preview = this.el.querySelector(".o_collections_preview");
        preview.classList.toggle("d-none", Boolean(problem));
        if (!problem) {
            preview.innerHTML = html; // written by our own server, everything in it escaped
            this.plannedRows = rows;
        }
    }
}

registry.category("public.interactions").add("collections_relationship.arrangement_terms", ArrangementTerms);
