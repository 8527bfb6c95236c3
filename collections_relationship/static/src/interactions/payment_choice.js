import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Asks the server for the new amount as soon as the customer chooses other invoices; computes nothing. */
export class PaymentChoice extends Interaction {
    static selector = ".o_collections_choice";
    dynamicContent = {
        'input[name="item"]': { "t-on-change": (ev) => this.askAgain(ev.target) },
    };

    start() {
        // A box may have been ticked before this script was there.
        const changed = [...this.el.querySelectorAll('input[name="item"]')].find(
            (box) => box.checked !== box.defaultChecked
        );
        if (changed) {
            this.askAgain(changed);
        } else {
            // Browsers leave autofocus out when the address names a place in the page.
            this.el.querySelector("[autofocus]")?.focus({ preventScroll: true });
        }
    }

    /**
     * @param {HTMLInputElement} box - the box ticked last; the keyboard comes back to it
     */
    askAgain(box) {
        this.el.querySelector('input[name="last"]').value = box.value;
        this.el.submit();
    }
}

registry.category("public.interactions").add("collections_relationship.payment_choice", PaymentChoice);
