from . import payment_page
