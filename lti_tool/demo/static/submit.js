// Without this script the form's button does the same.
document.querySelector("form[data-submit]").submit();
