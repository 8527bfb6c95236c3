import { PaymentPostProcessing } from "@payment/interactions/post_processing";
import { patch } from "@web/core/utils/patch";

/**
 * A bank may take days to confirm. Who pays through a message's page comes back to it at once: it says
 * that the payment is on its way, where Odoo's page would go on asking to wait.
 */
patch(PaymentPostProcessing, {
    getFinalStates(providerCode) {
        const states = super.getFinalStates(providerCode);
        if (document.querySelector("[data-collections-page]")) {
            states.add("pending");
        }
        return states;
    },
});
