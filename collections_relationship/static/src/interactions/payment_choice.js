import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Asks the server for the new amount as soon as the customer chooses other items; computes nothing. */
export class PaymentChoice extends Interaction {
    static selector = ".o_collections_choice";
    dynamicContent = {
        'input[name="item"]': { "t-on-change": this.onChange },
        ".o_collections_choice_submit": { "t-att-class": () => ({ "d-none": true }) },
    };

    onChange(ev) {
        this.el.querySelector('input[name="last"]').value = ev.target.value;
        this.el.submit();
    }
}

registry.category("public.interactions").add("collections_relationship.payment_choice", PaymentChoice);
